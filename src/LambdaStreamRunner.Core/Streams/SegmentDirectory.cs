namespace LambdaStreamRunner.Core.Streams;

/// <summary>The retained segments of a log in order, so that a reader finds a record without walking the list.</summary>
/// <remarks>Grows at the end under a published count; whatever else changes makes a new directory.</remarks>
internal sealed class SegmentDirectory
{
    private readonly RecordSegment[] _segments;
    private int _count;

    private SegmentDirectory(RecordSegment[] segments, int count, SequenceNumber trimmedThrough) =>
        (_segments, _count, TrimmedThrough) = (segments, count, trimmedThrough);

    /// <summary>No segment.</summary>
    public static SegmentDirectory Empty { get; } = new([], 0, default);

    /// <summary>The newest number that was trimmed; 0 when nothing was.</summary>
    public SequenceNumber TrimmedThrough { get; }

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
        return new SegmentDirectory(larger, _count + 1, TrimmedThrough);
    }

    /// <summary>A directory without the oldest segments. Writer only.</summary>
    public SegmentDirectory Without(int oldest, SequenceNumber trimmedThrough)
    {
        int rest = _count - oldest;
        RecordSegment[] segments = rest == 0 ? [] : new RecordSegment[Math.Max(2, rest)];
        _segments.AsSpan(oldest, rest).CopyTo(segments);
        return new SegmentDirectory(segments, rest, trimmedThrough);
    }
}
