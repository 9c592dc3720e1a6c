using Amazon.Lambda.KinesisEvents;

namespace LambdaStreamRunner.Testing.Tests.Gallery;

/// <summary>Arrival times are milliseconds, and many records arrive in one: only the sequence number tells them apart.</summary>
public static class DeduplicationByTime
{
    public static Exhibit Exhibit { get; } = new(
        "de-duplication by time",
        "Order.Effects",
        () => Test(environment => new Buggy(environment.Effects).HandleAsync),
        () => Test(environment => new Correct(environment.Effects).HandleAsync));

    private static StreamTest Test(Func<ExecutionEnvironment, Delegate> handlerOf) => StreamTest.For(handlerOf)
        .Mapping(mapping => mapping with { BatchSize = 10, ParallelizationFactor = 2 })
        .Given(Records.Zipf(keys: 10, count: Exhibit.RecordsMax, perSecond: 800))
        .Under(Exhibit.HarshFaults)
        .Expect([.. Promise.All]);

    private sealed class Buggy(Effects table)
    {
        private readonly Dictionary<string, DateTime> _lastSeen = [];

        public async Task HandleAsync(KinesisEvent kinesisEvent)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
            {
                if (_lastSeen.TryGetValue(record.Kinesis.PartitionKey, out DateTime last) && record.Kinesis.ApproximateArrivalTimestamp <= last)
                    continue;                                 // had it, thinks the author
                await table.AddOnceAsync(record.Kinesis.PartitionKey, record.EventId, TextOf.Sync(record));
                _lastSeen[record.Kinesis.PartitionKey] = record.Kinesis.ApproximateArrivalTimestamp ?? default;
            }
        }
    }

    private sealed class Correct(Effects table)
    {
        public async Task HandleAsync(KinesisEvent kinesisEvent)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
                await table.AddOnceAsync(record.Kinesis.PartitionKey, record.EventId, TextOf.Sync(record));
        }
    }
}
