using System.Buffers;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>What one read of the disk gathers: records in memory of their own, within the bounds of a read.</summary>
internal sealed class StoredPage(Shard shard, int limit, long publishedCount)
{
    private Segment? _first;
    private Segment? _last;
    private int _records;
    private long _bytes;
    private long? _nextArrival;

    /// <summary>Takes what fits; false when the page is complete.</summary>
    public bool Add(RecordBlock block, StoredRecords.Place place)
    {
        if (block.FirstOrdinal >= publishedCount)
            return false;                                     // written, and not published yet
        if (_records == limit || _bytes >= ShardReader.BytesMax)
        {
            _nextArrival = block.FirstArrivalMilliseconds;
            return false;
        }

        StreamRecord[] records = block.Read(shard, place.IsBefore, out long firstOrdinal);
        int there = (int)Math.Min(records.Length, publishedCount - firstOrdinal);
        int taken = 0;
        while (taken < there && _records < limit && (_records == 0 || _bytes + records[taken].RawLength <= ShardReader.BytesMax))
        {
            _bytes += records[taken++].RawLength;
            _records++;
        }
        if (taken > 0)
            Append(records.AsMemory(0, taken));
        if (taken == there)
            return true;
        _nextArrival = records[taken].ArrivalMilliseconds;
        return false;
    }

    public ShardRead ToRead(ShardPosition from, bool ended, DateTimeOffset now)
    {
        if (_first is null)
            return new ShardRead(ReadOnlySequence<StreamRecord>.Empty, from, ended, 0);
        var records = new ReadOnlySequence<StreamRecord>(_first, 0, _last!, _last!.Memory.Length);
        var next = ShardPosition.After(_last.Memory.Span[^1].SequenceNumber);
        long behind = _nextArrival is { } arrival ? Math.Max(0, now.ToUnixTimeMilliseconds() - arrival) : 0;
        return new ShardRead(records, next, ended && _nextArrival is null, behind);
    }

    private void Append(ReadOnlyMemory<StreamRecord> records)
    {
        var segment = new Segment(records, _last);
        _first ??= segment;
        _last = segment;
    }

    private sealed class Segment : ReadOnlySequenceSegment<StreamRecord>
    {
        public Segment(ReadOnlyMemory<StreamRecord> records, Segment? previous)
        {
            Memory = records;
            if (previous is null)
                return;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
