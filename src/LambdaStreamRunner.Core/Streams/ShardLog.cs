namespace LambdaStreamRunner.Core.Streams;

/// <summary>The records of a shard in order. One writer at a time; readers see a prefix without a lock.</summary>
/// <remarks>
/// A record has an ordinal that is never used again; a reader first takes <see cref="Count"/>, then the directory, and
/// looks at nothing beyond that count. Arrival never decreases with the ordinal.
/// </remarks>
internal sealed class ShardLog
{
    private SegmentDirectory _directory = SegmentDirectory.Empty;
    private RecordSegment? _tail;
    private long _count;
    private long _retainedBytes;

    /// <summary>Bytes that a record costs beside its key and payload.</summary>
    public const int RecordOverhead = 96;

    /// <summary>Records ever written.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The retained segments.</summary>
    public SegmentDirectory Directory => Volatile.Read(ref _directory);

    /// <summary>Memory that retained records take.</summary>
    public long RetainedBytes => Volatile.Read(ref _retainedBytes);

    /// <summary>The number of the newest record ever written; 0 before the first.</summary>
    public SequenceNumber LastSequenceNumber
    {
        get
        {
            long count = Count;
            SegmentDirectory directory = Directory;
            ReadOnlySpan<RecordSegment> segments = directory.Segments;
            int last = segments.Length - 1;
            while (last >= 0 && segments[last].RunningIndex >= count)
                last--;                                       // linked, but its first record is not published yet
            return last < 0 ? directory.TrimmedThrough : segments[last].Records[Math.Min(segments[last].End, count) - segments[last].RunningIndex - 1].SequenceNumber;
        }
    }

    /// <summary>Writes and publishes a record. Writer only.</summary>
    public void Append(in StreamRecord record)
    {
        if (_tail is null)
            Link(RecordSegment.First(_count));
        else if (_count == _tail.End)
            Link(_tail.Extend());

        _tail!.Set((int)(_count - _tail.RunningIndex), record);
        Volatile.Write(ref _retainedBytes, _retainedBytes + record.RawLength + RecordOverhead);
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Drops segments whose records all arrived at this time or before; returns the bytes that became free. Writer only.</summary>
    public long Trim(long arrivalMilliseconds)
    {
        ReadOnlySpan<RecordSegment> segments = _directory.Segments;
        long freed = 0;
        int oldest = 0;
        while (oldest < segments.Length && LastOf(segments[oldest]).ArrivalMilliseconds <= arrivalMilliseconds)
        {
            RecordSegment segment = segments[oldest++];
            freed += segment.RawLength + ((Math.Min(segment.End, _count) - segment.RunningIndex) * RecordOverhead);
        }
        if (oldest == 0)
            return 0;
        SequenceNumber trimmedThrough = LastOf(segments[oldest - 1]).SequenceNumber;
        if (oldest == segments.Length)
            _tail = null;                                     // readers that still hold it see no more than they saw

        Volatile.Write(ref _directory, _directory.Without(oldest, trimmedThrough));
        Volatile.Write(ref _retainedBytes, _retainedBytes - freed);
        return freed;
    }

    private StreamRecord LastOf(RecordSegment segment) => segment.Records[Math.Min(segment.End, _count) - segment.RunningIndex - 1];

    private void Link(RecordSegment segment)
    {
        _tail = segment;
        Volatile.Write(ref _directory, _directory.With(segment));
    }
}
