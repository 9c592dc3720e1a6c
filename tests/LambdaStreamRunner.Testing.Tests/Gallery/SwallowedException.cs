using Amazon.Lambda.Core;
using Amazon.Lambda.KinesisEvents;

namespace LambdaStreamRunner.Testing.Tests.Gallery;

/// <summary>Who catches and logs tells Lambda that the record is done.</summary>
public static class SwallowedException
{
    public static Exhibit Exhibit { get; } = new(
        "swallowed exception",
        "Order.Effects",
        () => Test(environment => new Buggy(environment.Effects).HandleAsync),
        () => Test(environment => new Correct(environment.Effects).HandleAsync));

    private static StreamTest Test(Func<ExecutionEnvironment, Delegate> handlerOf) => StreamTest.For(handlerOf)
        .Mapping(mapping => mapping with { BatchSize = 10, ParallelizationFactor = 2 })
        .Given(Exhibit.Orders)
        .Under(Exhibit.HarshFaults);

    private sealed class Buggy(Effects table)
    {
        public async Task HandleAsync(KinesisEvent kinesisEvent, ILambdaContext context)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
            {
                try
                {
                    await table.AddAsync(record.Kinesis.PartitionKey, await TextOf.Async(record));
                }
                catch (EffectFailedException exception)
                {
                    context.Logger.LogError($"{record.Kinesis.SequenceNumber}: {exception.Message}");
                }
            }
        }
    }

    private sealed class Correct(Effects table)
    {
        public async Task HandleAsync(KinesisEvent kinesisEvent, ILambdaContext context)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
            {
                try
                {
                    await table.AddAsync(record.Kinesis.PartitionKey, await TextOf.Async(record));
                }
                catch (EffectFailedException exception)
                {
                    context.Logger.LogError($"{record.Kinesis.SequenceNumber}: {exception.Message}");
                    throw;
                }
            }
        }
    }
}
