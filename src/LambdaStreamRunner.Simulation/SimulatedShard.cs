using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Simulation;

/// <summary>A shard under virtual time: records in order, read by position.</summary>
public class SimulatedShard
{
    private StreamRecord[] _records = new StreamRecord[64];
    private int _visible;                                     // the first of them, which readers may see
    private int _trimmed;
    private int _dropped;
    private int _reached;                                     // where the last read ended

    /// <summary>An empty open shard.</summary>
    /// <param name="index">The number in its id.</param>
    /// <param name="range">Its part of the hash space.</param>
    /// <param name="parents">The ids of the shards that it continues; none by default.</param>
    public SimulatedShard(int index, HashKeyRange range, ImmutableArray<string> parents = default)
    {
        (Index, Range) = (index, range);
        Parents = parents.IsDefault ? [] : parents;
        Id = $"shardId-{index:D12}";
    }

    /// <summary>The number in its id.</summary>
    public int Index { get; }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>Its part of the hash space.</summary>
    public HashKeyRange Range { get; }

    /// <summary>The ids of the shards that it continues after a reshard: none, one or two.</summary>
    public ImmutableArray<string> Parents { get; }

    /// <summary>The place after the newest record, as a number: what LATEST means now, and goes on meaning.</summary>
    public ShardPosition Tip => _visible == 0 ? ShardPosition.At(default) : ShardPosition.After(_records[_visible - 1].SequenceNumber);

    /// <summary>True after a reshard: no more records come.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>How many records were ever put.</summary>
    public int Count => _dropped + _visible;

    /// <summary>The records that were put and not dropped, in order.</summary>
    public ReadOnlySpan<StreamRecord> Records => _records.AsSpan(0, _visible);

    /// <summary>When the next record arrives by itself; null when records come only by being put.</summary>
    public virtual DateTimeOffset? NextArrival => null;

    /// <summary>How many records were given to readers, the same ones counted again.</summary>
    public long RecordsRead { get; private set; }

    /// <summary>Appends a record; its number must be the highest.</summary>
    public void Append(in StreamRecord record)
    {
        if (IsClosed)
            throw new InvalidOperationException($"{Id} is closed.");
        if (_visible > 0 && record.SequenceNumber <= _records[_visible - 1].SequenceNumber)
            throw new ArgumentException($"{record.SequenceNumber} is not above the last number of {Id}.", nameof(record));
        if (_visible == _records.Length)
            Array.Resize(ref _records, _visible * 2);
        _records[_visible++] = record;
    }

    /// <summary>Time has come this far: what arrives by itself until then can be read.</summary>
    public virtual void AdvanceTo(DateTimeOffset now)
    {
    }

    /// <summary>No more records come.</summary>
    public void Close() => IsClosed = true;

    /// <summary>Drops what arrived before a time, as retention does.</summary>
    public void Trim(DateTimeOffset horizon)
    {
        long milliseconds = horizon.AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds();
        while (_trimmed < _visible && _records[_trimmed].ArrivalMilliseconds < milliseconds)
            _trimmed++;
    }

    /// <summary>Readers see so many of the records given to <see cref="Lend"/>.</summary>
    private protected void Show(int records) => _visible = records;

    /// <summary>Takes records that belong to somebody else, none of which can be read yet. Nothing is put besides.</summary>
    private protected void Lend(StreamRecord[] records, int visible) => (_records, _visible, _trimmed) = (records, visible, visible);

    /// <summary>Forgets the first records: nobody reads them again. The others move into memory of their own, since readers may still look at the old one.</summary>
    private protected void Drop(int records, StreamRecord[] rest)
    {
        _records = rest;
        _dropped += records;
        _visible -= records;
        _trimmed = Math.Max(0, _trimmed - records);
        _reached = Math.Max(0, _reached - records);
    }

    /// <summary>At most <paramref name="limit"/> records (and 10 MiB) from a position.</summary>
    public ReadOnlySequence<StreamRecord> Read(ShardPosition from, int limit)
    {
        int start = IndexOf(from);
        int end = start;
        long bytes = 0;
        while (end < _visible && end - start < limit && (bytes += _records[end].RawLength) <= 10 * 1024 * 1024)
            end++;
        RecordsRead += end - start;
        if (end > start)
            _reached = end;
        return new ReadOnlySequence<StreamRecord>(_records.AsMemory(start, end - start));
    }

    /// <summary>True when nothing follows a position now.</summary>
    public bool IsAtTip(ShardPosition from) => IndexOf(from) == _visible;

    /// <summary>True when nothing follows a position and nothing ever will.</summary>
    public bool IsAtEnd(ShardPosition from) => IsClosed && IndexOf(from) == _visible;

    // A reader mostly goes on where it stopped.
    private int IndexOf(ShardPosition from)
    {
        if (_reached > _trimmed && _reached <= _visible && from == ShardPosition.After(_records[_reached - 1].SequenceNumber))
            return _reached;
        return Math.Max(_trimmed, from.Type switch
        {
            ShardIteratorType.TrimHorizon => 0,
            ShardIteratorType.Latest => _visible,
            _ => FirstAt(from),
        });
    }

    private int FirstAt(ShardPosition from)
    {
        (int low, int high) = (_trimmed, _visible);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Reaches(in _records[middle], from))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    private static bool Reaches(in StreamRecord record, ShardPosition from) => from.Type switch
    {
        ShardIteratorType.AtSequenceNumber => record.SequenceNumber >= from.SequenceNumber,
        ShardIteratorType.AfterSequenceNumber => record.SequenceNumber > from.SequenceNumber,
        _ => record.ArrivalMilliseconds >= from.TimestampMilliseconds,
    };
}
