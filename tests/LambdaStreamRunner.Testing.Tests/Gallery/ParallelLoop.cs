using Amazon.Lambda.KinesisEvents;

namespace LambdaStreamRunner.Testing.Tests.Gallery;

/// <summary>Lambda keeps the order of a key up to the handler, which may then lose it in a parallel loop over the batch.</summary>
public static class ParallelLoop
{
    public static Exhibit Exhibit { get; } = new(
        "parallel loop across a key",
        "Order.Effects",
        // Threads are not the schedule's: with few records it does not matter which of them the loop uses this time.
        () => Test(environment => new Buggy(environment.Effects).Handle).Given(Records.RoundRobin(keys: 2, count: 4)),
        () => Test(environment => new Correct(environment.Effects).HandleAsync));

    /// <summary>The same loss of order without threads: calls that overtake each other.</summary>
    public static Exhibit WithTasks { get; } = new(
        "concurrent calls across a key",
        "Order.Effects",
        () => Test(environment => new Concurrent(environment.Effects).HandleAsync),
        () => Test(environment => new Correct(environment.Effects).HandleAsync));

    private static StreamTest Test(Func<ExecutionEnvironment, Delegate> handlerOf) => StreamTest.For(handlerOf)
        .Mapping(mapping => mapping with { BatchSize = 10, ParallelizationFactor = 4 })
        .Given(Exhibit.Orders)
        .Under(Exhibit.HarshFaults);

    private sealed class Buggy(Effects table)
    {
        public void Handle(KinesisEvent kinesisEvent) =>
            Parallel.ForEach(kinesisEvent.Records, record => table.Add(record.Kinesis.PartitionKey, TextOf.Sync(record)));
    }

    private sealed class Concurrent(Effects table)
    {
        public Task HandleAsync(KinesisEvent kinesisEvent) =>
            Task.WhenAll(kinesisEvent.Records.Select(record => table.AddAsync(record.Kinesis.PartitionKey, TextOf.Sync(record))));
    }

    /// <summary>Keys at the same time, the records of each one after the other.</summary>
    private sealed class Correct(Effects table)
    {
        public Task HandleAsync(KinesisEvent kinesisEvent) =>
            Task.WhenAll(kinesisEvent.Records.GroupBy(record => record.Kinesis.PartitionKey).Select(ApplyAsync));

        private async Task ApplyAsync(IGrouping<string, KinesisEvent.KinesisEventRecord> key)
        {
            foreach (KinesisEvent.KinesisEventRecord record in key)
                await table.AddAsync(key.Key, TextOf.Sync(record));
        }
    }
}
