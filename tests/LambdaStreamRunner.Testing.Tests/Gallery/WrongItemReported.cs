using Amazon.Lambda.KinesisEvents;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Testing.Tests.Gallery;

/// <summary>What is before the reported record counts as done: who reports the end of the batch skips what failed.</summary>
public static class WrongItemReported
{
    public static Exhibit Exhibit { get; } = new(
        "checkpoint of the wrong item",
        "Order.Effects",
        () => Test(environment => new Handler(environment.Effects, (_, batch) => batch[^1]).HandleAsync),
        () => Test(environment => new Handler(environment.Effects, (failed, _) => failed).HandleAsync));

    private static StreamTest Test(Func<ExecutionEnvironment, Delegate> handlerOf) => StreamTest.For(handlerOf)
        .Mapping(mapping => mapping with
        {
            BatchSize = 10,
            ParallelizationFactor = 2,
            BisectBatchOnFunctionError = true,
            FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures],
        })
        .Given(Exhibit.Orders)
        .Under(Exhibit.HarshFaults.FalseReports(0.05));

    private sealed class Handler(
        Effects table, Func<KinesisEvent.KinesisEventRecord, IList<KinesisEvent.KinesisEventRecord>, KinesisEvent.KinesisEventRecord> reported)
    {
        public async Task<StreamsEventResponse> HandleAsync(KinesisEvent kinesisEvent)
        {
            foreach (KinesisEvent.KinesisEventRecord record in kinesisEvent.Records)
            {
                try
                {
                    await table.AddAsync(record.Kinesis.PartitionKey, TextOf.Sync(record));
                }
                catch (EffectFailedException)
                {
                    string number = reported(record, kinesisEvent.Records).Kinesis.SequenceNumber;
                    return new StreamsEventResponse { BatchItemFailures = [new StreamsEventResponse.BatchItemFailure { ItemIdentifier = number }] };
                }
            }
            return new StreamsEventResponse { BatchItemFailures = [] };
        }
    }
}
