using System.Buffers;
using System.Diagnostics;
using LambdaStreamRunner.Core.Streams;
using RocksDbSharp;

namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>The records of one shard on the disk, block by block. Nothing about them is in memory.</summary>
internal readonly struct StoredRecords(Database database, ShardKey key)
{
    /// <summary>Reads published records as <see cref="ShardReader"/> does; false when none lies behind the position.</summary>
    public bool TryRead(Shard shard, ShardPosition from, int limit, DateTimeOffset now, out ShardRead read)
    {
        long count = shard.RecordCount;
        bool ended = shard.HasEndedAt(count);
        var place = new Place(from, shard.ExpiredArrival(now));
        var page = new StoredPage(shard, Math.Min(limit, ShardReader.RecordsMax), count);
        StoredRecords self = this;
        database.Scan(iterator =>
        {
            for (RecordBlock? block = self.FindFirst(iterator, shard, place); block is { } next && page.Add(next, place); block = self.Next(iterator))
            {
            }
            return true;
        });
        read = page.ToRead(from, ended, now);
        return !read.Records.IsEmpty;
    }

    /// <summary>How many published records lie behind a position; null when none is on the disk.</summary>
    public long? CountFrom(Shard shard, ShardPosition from, DateTimeOffset now)
    {
        long count = shard.RecordCount;
        var place = new Place(from, shard.ExpiredArrival(now));
        StoredRecords self = this;
        return database.Scan(iterator =>
        {
            for (RecordBlock? block = self.FindFirst(iterator, shard, place); block is { } next && next.FirstOrdinal < count; block = self.Next(iterator))
            {
                if (next.Read(shard, place.IsBefore, out long first).Length > 0)
                    return Math.Max(0, count - first);
            }
            return (long?)null;
        });
    }

    /// <summary>Where the shard stands, by its last block or, when all are trimmed, by what was noted then; null when nothing was ever put.</summary>
    public ShardTail? FindTail(Iterator iterator)
    {
        if (At(iterator.SeekForPrev(StoreKeys.Block(key, ulong.MaxValue))) is { } last)
            return last.Tail();
        byte[] note = StoreKeys.Tail(key);
        iterator.Seek(note);
        return iterator.Valid() && iterator.GetKeySpan().SequenceEqual(note) ? TailNote.Read(iterator.GetValueSpan()) : null;
    }

    /// <summary>What retention takes: all blocks before an index, and where the shard stands when none is left; null when nothing.</summary>
    /// <param name="expiredArrival">Records that arrived then or before are past retention.</param>
    public (ulong EndIndex, ShardTail? Tail)? FindExpired(long expiredArrival)
    {
        (ShardKey blocks, StoredRecords self) = (key, this);
        return database.Scan<(ulong, ShardTail?)?>(iterator =>
        {
            RecordBlock? first = self.At(iterator.Seek(StoreKeys.Block(blocks, 0)));
            if (first is null || first.Value.LastArrivalMilliseconds > expiredArrival)
                return null;
            if (self.FindArrival(iterator, first.Value, expiredArrival + 1) is { } kept)
                return (kept.FirstIndex, null);
            RecordBlock last = self.At(iterator.SeekForPrev(StoreKeys.Block(blocks, ulong.MaxValue)))!.Value;
            return (last.FirstIndex + 1, last.Tail());
        });
    }

    /// <summary>The block in which the first record behind a place lies, or one before it; null when there is none.</summary>
    private RecordBlock? FindFirst(Iterator iterator, Shard shard, Place place)
    {
        RecordBlock? block = At(iterator.SeekForPrev(StoreKeys.Block(key, place.IndexIn(shard)))) ?? At(iterator.Seek(StoreKeys.Block(key, 0)));
        if (block is not { } start || start.LastArrivalMilliseconds >= place.FirstArrival)
            return block;
        return FindArrival(iterator, start, place.FirstArrival);
    }

    /// <summary>The first block that ends at this time or later, by bisection; null when all end before.</summary>
    private RecordBlock? FindArrival(Iterator iterator, RecordBlock start, long arrival)
    {
        RecordBlock last = At(iterator.SeekForPrev(StoreKeys.Block(key, ulong.MaxValue)))!.Value;
        if (last.LastArrivalMilliseconds < arrival)
            return null;
        ulong found = last.FirstIndex;
        ulong low = start.FirstIndex;
        while (low < found)
        {
            ulong middle = low + ((found - low) / 2);
            RecordBlock? block = At(iterator.SeekForPrev(StoreKeys.Block(key, middle)));
            if (block is { } candidate && candidate.LastArrivalMilliseconds >= arrival)
                found = candidate.FirstIndex;
            else
                low = middle + 1;
        }
        return At(iterator.Seek(StoreKeys.Block(key, found)));
    }

    private RecordBlock? Next(Iterator iterator) => At(iterator.Next());

    private RecordBlock? At(Iterator iterator)
    {
        if (!iterator.Valid())
        {
            Database.ThrowIfFailed(iterator);                 // the next seek would forget it, and damage look like an end
            return null;
        }
        return StoreKeys.TryReadBlock(iterator.GetKeySpan(), key, out ulong firstIndex)
            ? RecordBlock.Open(firstIndex, iterator.GetValueSpan().ToArray())
            : null;
    }

    /// <summary>Divides a shard into what lies before a position, or is past retention, and what is to be read.</summary>
    internal readonly struct Place(ShardPosition from, long expiredArrival)
    {
        /// <summary>No record that arrived earlier is to be read.</summary>
        public long FirstArrival => from.Type is ShardIteratorType.AtTimestamp ? Math.Max(from.TimestampMilliseconds, expiredArrival + 1) : expiredArrival + 1;

        public bool IsBefore(SequenceNumber number, long arrival) => arrival < FirstArrival || from.Type switch
        {
            ShardIteratorType.AtSequenceNumber => number < from.SequenceNumber,
            ShardIteratorType.AfterSequenceNumber => number <= from.SequenceNumber,
            ShardIteratorType.AtTimestamp or ShardIteratorType.TrimHorizon => false,
            _ => throw new UnreachableException(),
        };

        /// <summary>The running index to look at first. Numbers that are not of this shard lie before or behind all of its own.</summary>
        public ulong IndexIn(Shard shard)
        {
            if (from.Type is not (ShardIteratorType.AtSequenceNumber or ShardIteratorType.AfterSequenceNumber) || from.SequenceNumber <= shard.StartingSequenceNumber)
                return 0;
            return from.SequenceNumber >= shard.NumberOf(long.MaxValue, 0) ? ulong.MaxValue : from.SequenceNumber.Index;
        }
    }
}
