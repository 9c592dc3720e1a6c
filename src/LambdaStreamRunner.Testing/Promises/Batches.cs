using System.Collections.Immutable;
using LambdaStreamRunner.Core.Guarantees;

namespace LambdaStreamRunner.Testing;

/// <summary>Promises about the batches that a handler gets.</summary>
public static class Batches
{
    /// <summary>A batch is of one shard and one tumbling window, and within BatchSize and 6 MB.</summary>
    public static Promise WellFormed { get; } = new(
        "Batches.WellFormed",
        "A batch has records of one shard and one tumbling window, no more than BatchSize of them, and no more than 6 MB.",
        AwsPages.Mappings,
        [
            ViolationKind.BatchTooLarge, ViolationKind.BatchWithoutPurpose, ViolationKind.EventTooLarge, ViolationKind.RecordOfElsewhere,
            ViolationKind.RecordOutsideWindow,
        ]);

    /// <summary>No more batches of a shard run at once than ParallelizationFactor allows.</summary>
    public static Promise Concurrency { get; } = new(
        "Batches.Concurrency",
        "No more batches of a shard run at the same time than ParallelizationFactor allows.",
        AwsPages.Kinesis,
        [ViolationKind.TooManyBatches, ViolationKind.LaneRanTwice]);

    /// <summary>A batch is closed when it is full or its batching window is over: not before, and not long after.</summary>
    public static Promise Windows { get; } = new(
        "Batches.Windows",
        "A batch is closed when it is full or MaximumBatchingWindowInSeconds is over: not before, and not long after.",
        AwsPages.Mappings,
        [ViolationKind.ClosedTooEarly, ViolationKind.ClosedTooLate]);

    /// <summary>With BisectBatchOnFunctionError a batch that failed comes in two halves.</summary>
    public static Promise Bisect { get; } = new(
        "Batches.Bisect",
        "With BisectBatchOnFunctionError a batch that failed is tried in two halves, the first one first, and splitting spends no retry.",
        AwsPages.Parameters,
        [ViolationKind.BisectedWrongly]);

    /// <summary>All of these.</summary>
    public static ImmutableArray<Promise> All { get; } = [WellFormed, Concurrency, Windows, Bisect];
}
