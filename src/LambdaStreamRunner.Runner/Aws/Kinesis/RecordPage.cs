using System.Buffers;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Runner.Aws.Kinesis;

/// <summary>A page of records as GetRecords and SubscribeToShard answer it.</summary>
internal sealed record RecordPage
{
    /// <summary>The records; the bytes of all of them lie in one array.</summary>
    public required ReadOnlySequence<StreamRecord> Records { get; init; }

    /// <summary>Where GetRecords reads on; null at the end of a closed shard.</summary>
    public string? NextShardIterator { get; init; }

    /// <summary>Where a new subscription reads on; null at the end of a closed shard.</summary>
    public string? ContinuationSequenceNumber { get; init; }

    /// <summary>How far behind the tip the page is; 0 at the tip.</summary>
    public long MillisBehindLatest { get; init; }

    /// <summary>The number of the last record; null when there is none.</summary>
    public SequenceNumber? Last => Records.IsEmpty ? null : Records.Slice(Records.Length - 1).FirstSpan[0].SequenceNumber;
}
