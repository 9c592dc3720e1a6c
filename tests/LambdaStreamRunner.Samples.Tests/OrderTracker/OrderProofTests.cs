using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Testing;
using OrderTracker;

namespace LambdaStreamRunner.Samples.Tests.OrderTracker;

/// <summary>Whatever happens to the mapping, orders pass their states one after the other and none stays behind.</summary>
public class OrderProofTests
{
    private static readonly OrderState[] States = [OrderState.Placed, OrderState.Paid, OrderState.Shipped];

    private static readonly Records Events = Records.RoundRobin(keys: 12, count: 36, perSecond: 20, prefix: "order-")
        .Payload(record => new { orderId = record.Key, @event = StateOf(record).ToString().ToLowerInvariant() });

    [Fact]
    public async Task Every_order_is_shipped_under_latency_crashes_reshards_and_retries() =>
        await StreamTest.For(environment => new TrackedOrders(environment.Effects).HandleAsync)
            .Mapping(mapping => mapping with
            {
                BatchSize = 5,
                ParallelizationFactor = 4,
                BisectBatchOnFunctionError = true,
                FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures],
            })
            .Given(Events)
            .Under(Faults.HandlerLatency(5, 2_000).HandlerThrows(0.1).HandlerTimesOut(0.05).Throttles(0.1).FalseReports(0.1).RunnerCrash(times: 2).Reshard(times: 2))
            .EffectsAre(record => (record.Key, StateOf(record).ToString()))
            .Explore(200)
            .RunAsync();

    [Fact]
    public async Task An_event_that_nobody_can_read_holds_back_its_order_and_is_given_up_in_the_end()
    {
        StreamTest test = StreamTest.For(_ => new Function(new OrderBook()).HandleAsync)
            .Mapping(mapping => mapping with { MaximumRetryAttempts = 2, FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures] })
            .OnFailureDestination()
            .Put("order-1", "not-json");

        await test.RunUntilIdleAsync();

        Assert.Equal(["not-json", "not-json", "not-json"], test.Invocations);
        Assert.Equal(["not-json"], test.Discarded);
        test.Verify();
    }

    private static OrderState StateOf(TestRecord record) => States[(record.Nth - 1) % States.Length];

    /// <summary>The function with a table in place of its memory: its book is filled from there, and what it has learned is written back.</summary>
    private sealed class TrackedOrders(Effects table)
    {
        public async Task<Amazon.Lambda.KinesisEvents.StreamsEventResponse> HandleAsync(
            Amazon.Lambda.KinesisEvents.KinesisEvent kinesisEvent, Amazon.Lambda.Core.ILambdaContext context)
        {
            string[] orders = [.. kinesisEvent.Records.Select(record => record.Kinesis.PartitionKey).Distinct()];
            var book = new OrderBook();
            foreach (string order in orders)
            {
                foreach (string state in table.Of(order))
                    book.TryApply(new OrderEvent(order, Enum.Parse<OrderState>(state)), out _);
            }
            var before = orders.ToDictionary(order => order, book.StateOf);

            Amazon.Lambda.KinesisEvents.StreamsEventResponse answer = await new Function(book).HandleAsync(kinesisEvent, context);

            foreach (string order in orders)
            {
                for (OrderState state = (before[order] ?? 0) + 1; state <= book.StateOf(order); state++)
                    await table.AddOnceAsync(order, state.ToString(), state);
            }
            return answer;
        }
    }
}
