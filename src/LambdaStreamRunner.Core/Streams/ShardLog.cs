using System.Buffers;

namespace LambdaStreamRunner.Core.Streams;

/// <summary>The records of a shard in order. One writer at a time; readers see a prefix without a lock.</summary>
/// <remarks>
/// A record has an ordinal that is never used again once it was published; a reader first takes <see cref="Count"/>, then
/// the directory, and looks at nothing beyond that count. Arrival never decreases with the ordinal.
/// </remarks>
/// <param name="memory">Gives the larger segments.</param>
internal sealed class ShardLog(StreamMemory memory)
{
    private SegmentDirectory _directory = SegmentDirectory.Empty;
    private RecordSegment? _tail;
    private long _written;                                    // writer only
    private long _count;
    private long _retainedBytes;
    private long _writtenBytes;

    /// <summary>Bytes that a record costs beside its key and payload.</summary>
    public const int RecordOverhead = 96;

    /// <summary>Records ever published.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Records ever written, published or not. Writer only.</summary>
    public long Written => _written;

    /// <summary>The segments in memory.</summary>
    public SegmentDirectory Directory => Volatile.Read(ref _directory);

    /// <summary>Memory that records take.</summary>
    public long RetainedBytes => Volatile.Read(ref _retainedBytes);

    /// <summary>Bytes of keys and payloads written since the log began in this process.</summary>
    public long WrittenBytes => Volatile.Read(ref _writtenBytes);

    /// <summary>The number of the newest record ever published; 0 before the first.</summary>
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
            return last < 0 ? directory.DroppedThrough : segments[last][Math.Min(segments[last].End, count) - 1].SequenceNumber;
        }
    }

    /// <summary>Begins behind records that were written in an earlier life and are not in memory. Writer only, before anything else.</summary>
    public void StartBehind(long count, Dropped dropped)
    {
        _written = count;
        Volatile.Write(ref _directory, SegmentDirectory.Empty.Without(0, dropped));
        Volatile.Write(ref _count, count);
    }

    /// <summary>Writes a record that readers do not see before it is published. Writer only.</summary>
    public void Write(in StreamRecord record)
    {
        if (_tail is null)
            Link(RecordSegment.First(_written));
        else if (_written == _tail.End)
            Link(_tail.Extend(memory));

        _tail!.Set(_written, record);
        Volatile.Write(ref _retainedBytes, _retainedBytes + record.RawLength + RecordOverhead);
        Volatile.Write(ref _writtenBytes, _writtenBytes + record.RawLength);
        _written++;
    }

    /// <summary>Shows records to readers, up to this ordinal. Writer only.</summary>
    public void Publish(long count) => Volatile.Write(ref _count, count);

    /// <summary>Takes back what is written and not published; returns the bytes that became free. Writer only.</summary>
    public long RollBack()
    {
        ReadOnlySpan<RecordSegment> segments = _directory.Segments;
        int kept = segments.Length;
        while (kept > 0 && segments[kept - 1].RunningIndex >= _count)
            kept--;                                           // readers may hold it, and look at nothing in it

        long freed = 0;
        for (int i = Math.Max(0, kept - 1); i < segments.Length; i++)
            freed += segments[i].Cut(Math.Max(segments[i].RunningIndex, _count), Math.Min(segments[i].End, _written));
        _tail = kept == 0 ? null : segments[kept - 1];
        Volatile.Write(ref _directory, _directory.WithOnly(kept));
        _written = _count;
        Volatile.Write(ref _retainedBytes, _retainedBytes - freed);
        return freed;
    }

    /// <summary>Drops segments whose records all arrived at this time or before, for good; returns the bytes that became free. Writer only.</summary>
    public long Trim(long arrivalMilliseconds)
    {
        ReadOnlySpan<RecordSegment> segments = _directory.Segments;
        int oldest = 0;
        while (oldest < segments.Length && LastOf(segments[oldest]).ArrivalMilliseconds <= arrivalMilliseconds)
            oldest++;
        return oldest == 0 ? 0 : Drop(oldest, _directory.Dropped with { Through = LastOf(segments[oldest - 1]).SequenceNumber });
    }

    /// <summary>Drops segments whose records all lie below this ordinal and are kept elsewhere; returns the bytes that became free. Writer only.</summary>
    public long Evict(long below)
    {
        ReadOnlySpan<RecordSegment> segments = _directory.Segments;
        int oldest = 0;
        while (oldest < segments.Length && Math.Min(segments[oldest].End, _written) <= below)
            oldest++;
        if (oldest == 0)
            return 0;
        StreamRecord newest = LastOf(segments[oldest - 1]);
        return Drop(oldest, new Dropped(newest.SequenceNumber, newest.ArrivalMilliseconds));
    }

    /// <summary>What was written from this ordinal on, published or not. Writer only.</summary>
    /// <param name="first">An ordinal that is in memory.</param>
    public ReadOnlySequence<StreamRecord> WrittenFrom(long first)
    {
        if (first >= _written)
            return ReadOnlySequence<StreamRecord>.Empty;
        ReadOnlySpan<RecordSegment> segments = _directory.Segments;
        int holder = segments.Length - 1;
        while (segments[holder].RunningIndex > first)
            holder--;
        return new ReadOnlySequence<StreamRecord>(
            segments[holder], (int)(first - segments[holder].RunningIndex), _tail!, (int)(_written - _tail!.RunningIndex));
    }

    private long Drop(int oldest, Dropped dropped)
    {
        ReadOnlySpan<RecordSegment> segments = _directory.Segments;
        long freed = 0;
        foreach (RecordSegment segment in segments[..oldest])
            freed += segment.RawLength + ((Math.Min(segment.End, _written) - segment.RunningIndex) * RecordOverhead);
        if (oldest == segments.Length)
            _tail = null;                                     // readers that still hold it see no more than they saw

        Volatile.Write(ref _directory, _directory.Without(oldest, dropped));
        Volatile.Write(ref _retainedBytes, _retainedBytes - freed);
        return freed;
    }

    private StreamRecord LastOf(RecordSegment segment) => segment[Math.Min(segment.End, _written) - 1];

    private void Link(RecordSegment segment)
    {
        _tail = segment;
        Volatile.Write(ref _directory, _directory.With(segment));
    }
}
