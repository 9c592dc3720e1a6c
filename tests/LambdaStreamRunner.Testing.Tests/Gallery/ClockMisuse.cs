using Amazon.Lambda.KinesisEvents;

namespace LambdaStreamRunner.Testing.Tests.Gallery;

/// <summary>A handler that asks the machine's clock judges records by when it happens to run: a replay of last week's stream drops all of it.</summary>
public static class ClockMisuse
{
    private static readonly TimeSpan OfInterest = TimeSpan.FromDays(1);

    public static Exhibit Exhibit { get; } = new(
        "clock misuse",
        "Order.Effects",
#pragma warning disable RS0030 // The bug on show.
        () => Test(environment => new Handler(environment.Effects, () => DateTime.UtcNow).HandleAsync),
#pragma warning restore RS0030
        () => Test(environment => new Handler(environment.Effects, () => environment.Time.GetUtcNow().UtcDateTime).HandleAsync));

    private static StreamTest Test(Func<ExecutionEnvironment, Delegate> handlerOf) => StreamTest.For(handlerOf)
        .Mapping(mapping => mapping with { BatchSize = 10, ParallelizationFactor = 2 })
        .Given(Exhibit.Orders)
        .Under(Exhibit.HarshFaults);

    private sealed class Handler(Effects table, Func<DateTime> now)
    {
        public async Task HandleAsync(KinesisEvent kinesisEvent)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
            {
                if (now() - record.Kinesis.ApproximateArrivalTimestamp > OfInterest)
                    continue;
                await table.AddAsync(record.Kinesis.PartitionKey, TextOf.Sync(record));
            }
        }
    }
}
