using AccessLog;
using LambdaStreamRunner.Testing;

namespace LambdaStreamRunner.Samples.Tests.AccessLog;

/// <summary>Whatever happens to the mapping, no hit of a client is lost, and a client's hits come in their order.</summary>
public class TrafficProofTests
{
    private const int LinesMax = 50;

    private static readonly string[] Lines =
        [.. File.ReadLines(Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "data"), "*.log").Single()).Take(LinesMax)];

    [Fact]
    public async Task Every_hit_is_counted_in_its_order_under_latency_crashes_reshards_and_retries() =>
        await StreamTest.For(environment => new CountedTraffic(environment.Effects).HandleAsync)
            .Mapping(mapping => mapping with { BatchSize = 10, ParallelizationFactor = 4, BisectBatchOnFunctionError = true })
            .Given(Hits())
            .Under(Faults.HandlerLatency(5, 2_000).HandlerThrows(0.1).HandlerTimesOut(0.05).Throttles(0.1).EffectFails(0.05).RunnerCrash(times: 2).Reshard(times: 2))
            .Expect([.. Promise.All])
            .Explore(200)
            .RunAsync();

    [Fact]
    public async Task A_line_in_another_format_is_isolated_and_given_up()
    {
        StreamTest test = StreamTest.For(_ => new Function(new ClientTraffic()).HandleAsync)
            .Mapping(mapping => mapping with { BisectBatchOnFunctionError = true, MaximumRetryAttempts = 1 })
            .OnFailureDestination()
            .Put("client-1", Lines[0], "no-log-line", Lines[1]);

        await test.RunUntilIdleAsync();

        Assert.Equal(["no-log-line"], test.Discarded);
        Assert.Equal(3, test.Checkpoint);
        test.Verify();
    }

    // One after the other, each under its client as key.
    private static Records Hits()
    {
        Records all = Records.Of(ClientOf(Lines[0]), Lines[0]);
        return Lines.Skip(1).Aggregate(all, (records, line) => records.Then(Records.Of(ClientOf(line), line).After(TimeSpan.FromMilliseconds(50))));
    }

    private static string ClientOf(string line) => AccessLogLine.TryParse(line, out AccessLogLine? parsed) ? parsed.Client : throw new FormatException(line);

    /// <summary>The function's own counting, with a table in place of its memory.</summary>
    private sealed class CountedTraffic(Effects table)
    {
        private readonly Function _function = new(new ClientTraffic());

        public async Task HandleAsync(Amazon.Lambda.KinesisEvents.KinesisEvent kinesisEvent, Amazon.Lambda.Core.ILambdaContext context)
        {
            var lines = new List<(string EventId, string Client, string Text)>();
            foreach (Amazon.Lambda.KinesisEvents.KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
                lines.Add((record.EventId, record.Kinesis.PartitionKey, System.Text.Encoding.UTF8.GetString(record.Kinesis.Data.ToArray())));
            await _function.HandleAsync(kinesisEvent, context);
            foreach ((string eventId, string client, string text) in lines)
                await table.AddOnceAsync(client, eventId, text);
        }
    }
}
