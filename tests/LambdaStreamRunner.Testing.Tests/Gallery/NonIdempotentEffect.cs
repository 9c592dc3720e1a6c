using Amazon.Lambda.KinesisEvents;

namespace LambdaStreamRunner.Testing.Tests.Gallery;

/// <summary>Streams deliver at least once: a batch that fails after its work, or whose checkpoint was not stored, comes again.</summary>
public static class NonIdempotentEffect
{
    public static Exhibit Exhibit { get; } = new(
        "non-idempotent effect",
        "Delivery.EffectsExactlyOnce",
        () => Test(environment => new Buggy(environment.Effects).HandleAsync),
        () => Test(environment => new Correct(environment.Effects).HandleAsync));

    private static StreamTest Test(Func<ExecutionEnvironment, Delegate> handlerOf) => StreamTest.For(handlerOf)
        .Mapping(mapping => mapping with { BatchSize = 10, ParallelizationFactor = 4, BisectBatchOnFunctionError = true })
        .Given(Exhibit.Orders)
        .Under(Exhibit.HarshFaults)
        .Expect([.. Promise.All]);

    private sealed class Buggy(Effects account)
    {
        public async Task HandleAsync(KinesisEvent kinesisEvent)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
                await account.AddAsync(record.Kinesis.PartitionKey, TextOf.Sync(record));
        }
    }

    private sealed class Correct(Effects account)
    {
        public async Task HandleAsync(KinesisEvent kinesisEvent)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
                await account.AddOnceAsync(record.Kinesis.PartitionKey, record.EventId, TextOf.Sync(record));
        }
    }
}
