using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Filtering.Matching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Polling;

namespace LambdaStreamRunner.Runner.Redriving;

/// <summary>Which records of a range are the discarded batch: with more lanes than one, others lie between them, and so do filtered ones.</summary>
/// <param name="Records">What to send.</param>
/// <param name="Missing">Records of the batch that are gone: their retention has ended.</param>
/// <param name="Warning">What cannot be told; null when these are the batch.</param>
internal sealed record BatchSelection(ImmutableArray<StreamRecord> Records, int Missing, string? Warning)
{
    /// <summary>Finds the batch.</summary>
    /// <param name="document">What is known of it.</param>
    /// <param name="mapping">Its mapping, as it is now.</param>
    /// <param name="found">What the stream still has of the range.</param>
    /// <param name="range">The shard's part of the hash space; null when it is not known.</param>
    public static BatchSelection Of(DiscardedDocument document, MappingConfiguration mapping, IReadOnlyList<StreamRecord> found, HashKeyRange? range)
    {
        ImmutableArray<StreamRecord> records = [.. found];
        if (mapping.HasConsumer)
            records = [.. UserRecords.Of(new ReadOnlySequence<StreamRecord>(records.AsMemory()), ShardPosition.TrimHorizon, range ?? HashKeyRange.Full, int.MaxValue).Records.ToArray()];
        var filter = new RecordFilter(mapping.Settings.FilterCriteria);
        records = [.. records.Where(record => filter.Matches(in record))];
        if (records.Length > document.BatchSize && OfLane(document, mapping.Settings, records, range) is { } lane)
            records = lane;
        return new BatchSelection(records, Math.Max(0, document.BatchSize - records.Length), records.Length <= document.BatchSize
            ? null
            : $"The range holds {records.Length} records, and the batch had {document.BatchSize}: which of them, the document does not tell, so all are redriven, others than the discarded ones too.");
    }

    // Records leave a stream from its front: the batch's last one is there when any is.
    private static ImmutableArray<StreamRecord>? OfLane(
        DiscardedDocument document, EventSourceMapping settings, ImmutableArray<StreamRecord> records, HashKeyRange? range)
    {
        if (settings is not { ParallelizationFactor: > 1, LanePolicy: LanePolicy.HashLanes } || range is null || !records[^1].SequenceNumber.HasSameDigits(document.End))
            return null;
        var lanes = new HashLaneFinder(settings, range.Value);
        int lane = lanes.LaneOf(records[^1]);
        return [.. records.Where(record => lanes.LaneOf(record) == lane)];
    }
}
