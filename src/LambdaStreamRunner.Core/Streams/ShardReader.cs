using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace LambdaStreamRunner.Core.Streams;

/// <summary>Reads a shard beside its writer. Belongs to one reader at a time.</summary>
/// <remarks>Remembers where its last read ended, so that reading on costs nothing; any other place is found by binary search.</remarks>
public sealed class ShardReader(Shard shard)
{
    /// <summary>Most records that one read returns (AWS: GetRecords).</summary>
    public const int RecordsMax = 10_000;

    /// <summary>Most bytes of keys and payloads that one read returns (AWS: GetRecords, 10 MiB).</summary>
    public const long BytesMax = 10 * 1024 * 1024;

    private RecordSegment? _segment;                          // where the last read ended
    private long _ordinal;
    private SequenceNumber _after;

    /// <summary>The shard.</summary>
    public Shard Shard { get; } = shard;

    /// <summary>Returns what is there now, perhaps nothing.</summary>
    /// <param name="from">Where to begin. What is already trimmed is silently passed over.</param>
    /// <param name="limit">Most records, 1 to <see cref="RecordsMax"/>.</param>
    /// <param name="now">Decides what is past retention, and the age of what is left.</param>
    public ShardRead Read(ShardPosition from, int limit, DateTimeOffset now)
    {
        TryRead(from, limit, now, out ShardRead read);
        return read;
    }

    /// <summary>Reads, and says false when older records that belong to the answer are not in memory but kept elsewhere.</summary>
    /// <inheritdoc cref="Read"/>
    public bool TryRead(ShardPosition from, int limit, DateTimeOffset now, out ShardRead read)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        from = Shard.Resolve(from);
        long count = Shard.Log.Count;
        bool ended = Shard.HasEndedAt(count);
        SegmentDirectory directory = Shard.Log.Directory;
        bool complete = !directory.Dropped.Covers(from, Shard.ExpiredArrival(now));
        if (!TryFind(from, directory, count, now, out RecordSegment? first, out long start))
        {
            read = new ShardRead(ReadOnlySequence<StreamRecord>.Empty, from, ended, 0);
            return complete;
        }

        long end = Math.Min(count, start + Math.Min(limit, RecordsMax));
        RecordSegment last = Bound(first, start, ref end);
        Remember(last, end);
        var records = new ReadOnlySequence<StreamRecord>(
            first, (int)(start - first.RunningIndex), last, (int)(end - last.RunningIndex));
        bool caughtUp = end == count;
        read = new ShardRead(records, ShardPosition.After(_after), ended && caughtUp, caughtUp ? 0 : Behind(last, end, now));
        return complete;
    }

    /// <summary>True when a read from here would return a record, or that the shard has ended.</summary>
    /// <remarks>Also when they are kept elsewhere.</remarks>
    public bool HasNews(ShardPosition from, DateTimeOffset now)
    {
        from = Shard.Resolve(from);
        long count = Shard.Log.Count;
        if (Shard.HasEndedAt(count))
            return true;
        SegmentDirectory directory = Shard.Log.Directory;
        return TryFind(from, directory, count, now, out _, out _) || directory.Dropped.Covers(from, Shard.ExpiredArrival(now));
    }

    /// <summary>How many records a reader at this position has before it.</summary>
    public long CountFrom(ShardPosition from, DateTimeOffset now)
    {
        TryCountFrom(from, now, out long count);
        return count;
    }

    /// <summary>Counts, and says false when older records that belong to the answer are not in memory but kept elsewhere.</summary>
    public bool TryCountFrom(ShardPosition from, DateTimeOffset now, out long records)
    {
        from = Shard.Resolve(from);
        long count = Shard.Log.Count;
        SegmentDirectory directory = Shard.Log.Directory;
        records = TryFind(from, directory, count, now, out _, out long start) ? count - start : 0;
        return !directory.Dropped.Covers(from, Shard.ExpiredArrival(now));
    }

    private static long Behind(RecordSegment last, long end, DateTimeOffset now)
    {
        RecordSegment segment = end < last.End ? last : last.Successor!;
        return Math.Max(0, now.ToUnixTimeMilliseconds() - segment[end].ArrivalMilliseconds);
    }

    private bool TryFind(
        ShardPosition from, SegmentDirectory directory, long count, DateTimeOffset now, [NotNullWhen(true)] out RecordSegment? segment, out long ordinal)
    {
        ReadOnlySpan<RecordSegment> segments = directory.Segments;
        while (!segments.IsEmpty && segments[^1].RunningIndex >= count)
            segments = segments[..^1];                        // linked, but its first record is not published yet
        segment = null;
        ordinal = count;
        if (segments.IsEmpty)
            return false;

        long expired = Shard.ExpiredArrival(now);
        if (IsContinuation(from, segments))
        {
            ordinal = _ordinal;
            if (ordinal >= count)
                return false;

            segment = ordinal < _segment.End ? _segment : _segment.Successor!;
            if (segment[ordinal].ArrivalMilliseconds > expired)
                return true;
        }
        return Search(segments, count, new Place(from, expired), out segment, out ordinal);
    }

    [MemberNotNullWhen(true, nameof(_segment))]
    private bool IsContinuation(ShardPosition from, ReadOnlySpan<RecordSegment> segments) =>
        from.Type is ShardIteratorType.AfterSequenceNumber && from.SequenceNumber == _after
        && _segment is not null && _segment.RunningIndex >= segments[0].RunningIndex;

    private static bool Search(
        ReadOnlySpan<RecordSegment> segments, long count, Place place, [NotNullWhen(true)] out RecordSegment? segment, out long ordinal)
    {
        int low = 0;                                          // the last segment whose first record lies before the place
        int high = segments.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (place.IsBeyond(segments[middle][segments[middle].RunningIndex]))
                low = middle;
            else
                high = middle - 1;
        }

        segment = segments[low];
        ordinal = segment.RunningIndex;
        long end = Math.Min(segment.End, count);
        while (ordinal < end)
        {
            long middle = (ordinal + end) >>> 1;
            if (place.IsBeyond(segment[middle]))
                ordinal = middle + 1;
            else
                end = middle;
        }
        if (ordinal == segment.End && ordinal < count)
            segment = segment.Successor!;
        return ordinal < count;
    }

    /// <summary>Shortens the read to <see cref="BytesMax"/>; returns the segment of its last record.</summary>
    private static RecordSegment Bound(RecordSegment first, long start, ref long end)
    {
        RecordSegment last = first;
        long most = first.RawLength;
        while (last.End < end)
        {
            last = last.Successor!;
            most += last.RawLength;
        }
        if (most <= BytesMax)                                 // whole segments fit: no need to look at records
            return last;

        RecordSegment segment = first;
        long bytes = 0;
        for (long ordinal = start; ordinal < end; ordinal++)
        {
            RecordSegment holder = ordinal == segment.End ? segment.Successor! : segment;
            bytes += holder[ordinal].RawLength;
            if (bytes > BytesMax && ordinal > start)
            {
                end = ordinal;
                return segment;
            }
            segment = holder;
        }
        return segment;
    }

    private void Remember(RecordSegment last, long end) =>
        (_segment, _ordinal, _after) = (last, end, last[end - 1].SequenceNumber);

    /// <summary>Divides a log into what lies before a position (or is past retention) and what is to be read.</summary>
    private readonly struct Place(ShardPosition from, long expiredArrival)
    {
        public bool IsBeyond(in StreamRecord record) => record.ArrivalMilliseconds <= expiredArrival || from.Type switch
        {
            ShardIteratorType.AtSequenceNumber => record.SequenceNumber < from.SequenceNumber,
            ShardIteratorType.AfterSequenceNumber => record.SequenceNumber <= from.SequenceNumber,
            ShardIteratorType.AtTimestamp => record.ArrivalMilliseconds < from.TimestampMilliseconds,
            ShardIteratorType.TrimHorizon => false,
            _ => throw new UnreachableException(),
        };
    }
}
