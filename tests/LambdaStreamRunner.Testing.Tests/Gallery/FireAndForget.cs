using Amazon.Lambda.KinesisEvents;

namespace LambdaStreamRunner.Testing.Tests.Gallery;

/// <summary>What nobody awaits is frozen when the handler returns: it goes on in a later invocation, or never.</summary>
public static class FireAndForget
{
    public static Exhibit Exhibit { get; } = new(
        "fire and forget",
        "Order.Effects",
        () => Test(environment => new Buggy(environment.Effects).Handle),
        () => Test(environment => new Correct(environment.Effects).HandleAsync));

    private static StreamTest Test(Func<ExecutionEnvironment, Delegate> handlerOf) => StreamTest.For(handlerOf)
        .Mapping(mapping => mapping with { BatchSize = 10, ParallelizationFactor = 2 })
        .Given(Exhibit.Orders)
        .Under(Exhibit.HarshFaults);

    private sealed class Buggy(Effects table)
    {
        public void Handle(KinesisEvent kinesisEvent)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
                _ = table.AddAsync(record.Kinesis.PartitionKey, TextOf.Sync(record));
        }
    }

    private sealed class Correct(Effects table)
    {
        public async Task HandleAsync(KinesisEvent kinesisEvent)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
                await table.AddAsync(record.Kinesis.PartitionKey, TextOf.Sync(record));
        }
    }
}
