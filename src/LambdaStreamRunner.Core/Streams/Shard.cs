using System.Buffers;

namespace LambdaStreamRunner.Core.Streams;

/// <summary>One shard: an append-only log of records whose hash keys lie in its range.</summary>
/// <remarks>
/// One writer at a time (whatever says "writer only"): the caller's duty. Any number of readers, each with a
/// <see cref="ShardReader"/> of its own, need no lock.
/// </remarks>
public sealed class Shard
{
    /// <summary>Bytes that a record costs in memory beside its key and payload.</summary>
    public const int RecordOverhead = ShardLog.RecordOverhead;

    private readonly InMemoryStream _stream;
    private readonly SequenceIndex _index;
    private readonly long _createdSeconds;
    private Arena? _arena;
    private ArraySegment<byte> _reserved;
    private long _lastArrivalMilliseconds;
    private Ending? _ending;

    internal Shard(
        InMemoryStream stream, int index, HashKeyRange range, long createdSeconds, SequenceIndex counter, long? firstMillisecond = null)
    {
        (_stream, Index, HashKeyRange, _createdSeconds, _index) = (stream, index, range, createdSeconds, counter);
        Id = ShardId.Format(index);
        Log = new ShardLog(stream.Memory);
        StartingSequenceNumber = SequenceNumber.Create(createdSeconds, index, 0, createdSeconds);
        _lastArrivalMilliseconds = firstMillisecond ?? createdSeconds * 1000;
    }

    /// <summary>For example <c>shardId-000000000000</c>.</summary>
    public string Id { get; }

    /// <summary>The number in the id: its place among all shards that the stream ever had.</summary>
    public int Index { get; }

    /// <summary>The hash keys that go here.</summary>
    public HashKeyRange HashKeyRange { get; }

    /// <summary>The shard that was split, or the first of two that were merged; null for a shard the stream began with.</summary>
    public Shard? Parent { get; internal init; }

    /// <summary>The second of two shards that were merged.</summary>
    public Shard? AdjacentParent { get; internal init; }

    /// <summary>Below every number of the shard's records.</summary>
    public SequenceNumber StartingSequenceNumber { get; }

    /// <summary>Above every number of the shard's records; null while the shard is open.</summary>
    public SequenceNumber? EndingSequenceNumber => Volatile.Read(ref _ending)?.Number;

    /// <summary>True when no record can come any more.</summary>
    public bool IsClosed => Volatile.Read(ref _ending) is not null;

    /// <summary>Records that were ever put here and are published.</summary>
    public long RecordCount => Log.Count;

    /// <summary>Records that were ever put here, published or not. Writer only.</summary>
    public long WrittenCount => Log.Written;

    /// <summary>Memory that the records take that are in memory: keys, payloads and their entries.</summary>
    public long RetainedBytes => Log.RetainedBytes;

    /// <summary>Bytes of keys and payloads that were put here since the process began; it tells how busy the shard is.</summary>
    public long WrittenBytes => Log.WrittenBytes;

    internal ShardLog Log { get; }

    private SequenceNumber Newest => Log.LastSequenceNumber is var last && last > StartingSequenceNumber ? last : StartingSequenceNumber;

    /// <summary>Puts a record. Writer only.</summary>
    /// <param name="keyUtf8">The partition key.</param>
    /// <param name="data">The payload.</param>
    /// <param name="keyHash">MD5 of the key.</param>
    /// <param name="now">The time; an earlier one than before counts as the same time.</param>
    /// <returns>The number that the record got.</returns>
    public SequenceNumber Append(ReadOnlySpan<byte> keyUtf8, ReadOnlySpan<byte> data, UInt128 keyHash, DateTimeOffset now)
    {
        Span<byte> room = Reserve(keyUtf8.Length + data.Length);
        keyUtf8.CopyTo(room);
        data.CopyTo(room[keyUtf8.Length..]);
        return Commit(keyUtf8.Length, data.Length, keyHash, now);
    }

    /// <summary>Room in the shard's memory for a key and, right behind it, a payload; made a record by <see cref="Commit"/>. Writer only.</summary>
    public Span<byte> Reserve(int length)
    {
        _arena ??= new Arena(_stream.Memory);
        _reserved = _arena.Reserve(length);
        return _reserved;
    }

    /// <summary>Makes the reserved bytes a record. Writer only.</summary>
    /// <inheritdoc cref="Append"/>
    public SequenceNumber Commit(int keyLength, int dataLength, UInt128 keyHash, DateTimeOffset now)
    {
        SequenceNumber number = Write(keyLength, dataLength, keyHash, now);
        Publish(WrittenCount);
        return number;
    }

    /// <summary>Makes the reserved bytes a record that readers see once it is published. Writer only.</summary>
    /// <inheritdoc cref="Append"/>
    public SequenceNumber Write(int keyLength, int dataLength, UInt128 keyHash, DateTimeOffset now)
    {
        if (IsClosed)
            throw new InvalidOperationException($"{Id} is closed.");

        long arrival = Math.Max(now.ToUnixTimeMilliseconds(), _lastArrivalMilliseconds);
        SequenceNumber number = NumberOf(_index.Next(), arrival);
        _arena!.Take(_reserved, keyLength + dataLength);
        Log.Write(new StreamRecord(number, keyHash, arrival, _reserved.Array!, _reserved.Offset, keyLength, dataLength));
        _reserved = default;
        _lastArrivalMilliseconds = arrival;
        return number;
    }

    /// <summary>Shows written records to readers. Writer only.</summary>
    /// <param name="recordCount">How many of all that were ever put here; at most <see cref="WrittenCount"/>.</param>
    public void Publish(long recordCount) => Log.Publish(recordCount);

    /// <summary>Takes back all that is written and not published; their numbers are not given again. Writer only.</summary>
    /// <returns>The bytes that became free.</returns>
    public long RollBack()
    {
        long freed = Log.RollBack();
        if (_ending is { } ending)
            Volatile.Write(ref _ending, ending with { RecordCount = Log.Written });
        return freed;
    }

    /// <summary>What was written from this place on, published or not. Writer only.</summary>
    /// <param name="firstOrdinal">The place among all that were ever put here; it must not be evicted.</param>
    public ReadOnlySequence<StreamRecord> WrittenFrom(long firstOrdinal) => Log.WrittenFrom(firstOrdinal);

    /// <summary>Below it, nothing is in memory: what is not trimmed is kept elsewhere.</summary>
    public SequenceNumber DroppedThrough => Log.Directory.DroppedThrough;

    /// <summary>Forgets the oldest records, which are kept elsewhere, by whole segments. Writer only.</summary>
    /// <param name="belowOrdinal">Only records before this one.</param>
    /// <returns>The bytes that became free.</returns>
    public long Evict(long belowOrdinal) => Freed(Log.Evict(belowOrdinal));

    /// <summary>Continues behind records that were put in an earlier life and are kept elsewhere. Writer only, before anything else.</summary>
    public void Resume(ShardTail tail)
    {
        _index.Pass(tail.LastIndex);
        _lastArrivalMilliseconds = Math.Max(_lastArrivalMilliseconds, tail.LastArrivalMilliseconds);
        if (tail.RecordCount > 0)
            Log.StartBehind(tail.RecordCount, new Dropped(NumberOf(tail.LastIndex, tail.LastArrivalMilliseconds), tail.LastArrivalMilliseconds));
    }

    /// <summary>The number of a record of this shard.</summary>
    /// <param name="index">The running index in it.</param>
    /// <param name="arrivalMilliseconds">When the record arrived.</param>
    public SequenceNumber NumberOf(ulong index, long arrivalMilliseconds) =>
        SequenceNumber.Create(_createdSeconds, Index, index, Math.Max(arrivalMilliseconds / 1000, _createdSeconds));

    /// <summary>Ends the shard: its number is above every record, and nothing can be put any more. Writer only.</summary>
    public void Close(DateTimeOffset now)
    {
        if (IsClosed)
            throw new InvalidOperationException($"{Id} is closed.");
        Volatile.Write(ref _ending, new Ending(SequenceNumber.Create(_createdSeconds, Index, long.MaxValue, EndSecondsAt(now)), Log.Written));
    }

    /// <summary>True when the shard is closed and all it can have held is past retention: Kinesis then lists it no more.</summary>
    public bool IsExpired(DateTimeOffset now) =>
        EndingSequenceNumber is { } ending && ending.RecordSeconds * 1000 <= ExpiredArrival(now);

    /// <summary>Gives back memory of records that are past the stream's retention; returns the bytes that became free. Writer only.</summary>
    public long Trim(DateTimeOffset now) => Freed(Log.Trim(ExpiredArrival(now)));

    /// <summary>Drops all records, when the stream is deleted; returns the bytes that became free. Writer only.</summary>
    public long Drop() => Log.Trim(long.MaxValue);

    /// <summary>Turns LATEST into the place that it means now; leaves the others as they are.</summary>
    public ShardPosition Resolve(ShardPosition position) =>
        position.Type is ShardIteratorType.Latest ? ShardPosition.After(Newest) : position;

    /// <inheritdoc/>
    public override string ToString() => Id;

    /// <summary>The second that the shard would end in when it was closed now: never before its creation or its last record.</summary>
    internal long EndSecondsAt(DateTimeOffset now) =>
        Math.Max(Math.Max(now.ToUnixTimeMilliseconds(), _lastArrivalMilliseconds) / 1000, _createdSeconds);

    /// <inheritdoc cref="InMemoryStream.ExpiredArrival"/>
    public long ExpiredArrival(DateTimeOffset now) => _stream.ExpiredArrival(now);

    /// <summary>True when the shard is closed and this many published records are all it will ever have.</summary>
    public bool HasEndedAt(long recordCount) => Volatile.Read(ref _ending) is { } ending && recordCount >= ending.RecordCount;

    /// <summary>Closes a shard that was closed in an earlier life. Writer only, after <see cref="Resume"/>.</summary>
    internal void CloseAt(SequenceNumber ending) => Volatile.Write(ref _ending, new Ending(ending, Log.Written));

    // A shard that nothing is left of in memory holds no chunk either: it may be a small part of something large.
    private long Freed(long bytes)
    {
        if (Log.Directory.Segments.IsEmpty)
            _arena = null;
        return bytes;
    }

    private sealed record Ending(SequenceNumber Number, long RecordCount);
}
