using Amazon.Lambda.KinesisEvents;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Testing.Tests.Gallery;

/// <summary>LATEST is where the mapping begins to read, and that is some time after it was created: what was put before is not delivered.</summary>
public static class LatestAtStart
{
    public static Exhibit Exhibit { get; } = new(
        "LATEST at start",
        "Delivery.NothingLost",
        () => Test(StartingPosition.Latest),
        () => Test(StartingPosition.TrimHorizon));

    private static StreamTest Test(StartingPosition startingPosition) => StreamTest.For(environment => new Handler(environment.Effects).HandleAsync)
        .Mapping(mapping => mapping with { StartingPosition = startingPosition, BatchSize = 10, ParallelizationFactor = 2 })
        .Given(Exhibit.Orders)
        .Under(Exhibit.HarshFaults);

    private sealed class Handler(Effects table)
    {
        public async Task HandleAsync(KinesisEvent kinesisEvent)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
                await table.AddAsync(record.Kinesis.PartitionKey, TextOf.Sync(record));
        }
    }
}
