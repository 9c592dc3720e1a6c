namespace LambdaStreamRunner.Core.Streams;

/// <summary>The segments of a log that are in memory, in order, so that a reader finds a record without walking the list.</summary>
/// <remarks>Grows at the end under a published count; whatever else changes makes a new directory.</remarks>
internal sealed class SegmentDirectory
{
    private readonly RecordSegment[] _segments;
    private int _count;

    private SegmentDirectory(RecordSegment[] segments, int count, Dropped dropped) => (_segments, _count, Dropped) = (segments, count, dropped);

    /// <summary>No segment.</summary>
    public static SegmentDirectory Empty { get; } = new([], 0, Dropped.Nothing);

    /// <summary>What came before the oldest segment.</summary>
    public Dropped Dropped { get; }

    /// <summary>The newest number that is no longer in memory; 0 when all are.</summary>
    public SequenceNumber DroppedThrough => Dropped.Through;

    /// <summary>The segments, oldest first.</summary>
    public ReadOnlySpan<RecordSegment> Segments => _segments.AsSpan(0, Volatile.Read(ref _count));

    /// <summary>This directory, or a larger one, with one segment more. Writer only.</summary>
    public SegmentDirectory With(RecordSegment segment)
    {
        if (_count < _segments.Length)
        {
            _segments[_count] = segment;
            Volatile.Write(ref _count, _count + 1);
            return this;
        }
        var larger = new RecordSegment[Math.Max(2, _count * 2)];
        _segments.CopyTo(larger, 0);
        larger[_count] = segment;
        return new SegmentDirectory(larger, _count + 1, Dropped);
    }

    /// <summary>A directory without the oldest segments. Writer only.</summary>
    public SegmentDirectory Without(int oldest, Dropped dropped) => new(Copy(oldest, _count), _count - oldest, dropped);

    /// <summary>A directory of the oldest segments only. Writer only.</summary>
    public SegmentDirectory WithOnly(int oldest) => oldest == _count ? this : new(Copy(0, oldest), oldest, Dropped);

    private RecordSegment[] Copy(int first, int end)
    {
        if (first == end)
            return [];
        var segments = new RecordSegment[Math.Max(2, end - first)];
        _segments.AsSpan(first, end - first).CopyTo(segments);
        return segments;
    }
}

/// <summary>What is no longer in memory: trimmed for good, or kept elsewhere.</summary>
/// <param name="Through">The newest number of all of it; 0 when all records are in memory.</param>
/// <param name="KeptArrivalMilliseconds">When the newest of it that is kept elsewhere arrived; before all times when there is none.</param>
internal readonly record struct Dropped(SequenceNumber Through, long KeptArrivalMilliseconds)
{
    public static Dropped Nothing { get; } = new(default, long.MinValue);

    /// <summary>True when a record that a reader at this position must see may be kept elsewhere.</summary>
    /// <param name="position">Any but LATEST.</param>
    /// <param name="expiredArrival">Records that arrived then or before are past retention.</param>
    public bool Covers(ShardPosition position, long expiredArrival) => KeptArrivalMilliseconds > expiredArrival && position.Type switch
    {
        ShardIteratorType.AfterSequenceNumber => position.SequenceNumber < Through,
        ShardIteratorType.AtSequenceNumber => position.SequenceNumber <= Through,
        ShardIteratorType.AtTimestamp => position.TimestampMilliseconds <= KeptArrivalMilliseconds,
        _ => true,
    };
}
