using Amazon.Lambda.KinesisEvents;

namespace LambdaStreamRunner.Testing.Tests.Gallery;

/// <summary>A limit of retries without an on-failure destination is a decision to lose records.</summary>
public static class RetriesWithoutDestination
{
    public static Exhibit Exhibit { get; } = new(
        "retries exhausted without destination",
        "Delivery.NothingLost",
        () => Test(),
        () => Test().OnFailureDestination());

    private static StreamTest Test() => StreamTest.For(environment => new Handler(environment.Effects).HandleAsync)
        .Mapping(mapping => mapping with { BatchSize = 10, ParallelizationFactor = 2, MaximumRetryAttempts = 2 })
        .Given(Exhibit.Orders)
        .Under(Exhibit.HarshFaults.HandlerThrows(0.3));

    private sealed class Handler(Effects table)
    {
        public async Task HandleAsync(KinesisEvent kinesisEvent)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
                await table.AddAsync(record.Kinesis.PartitionKey, TextOf.Sync(record));
        }
    }
}
