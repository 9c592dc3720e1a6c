using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>A shard into which traffic comes by itself: a record can be read from its arrival on, and a little later where time in the stream is modelled.</summary>
internal sealed class TrafficShard : SimulatedShard
{
    private readonly PropagationDelay _delay;
    private readonly TrafficFeed? _feed;
    private readonly int _before;
    private StreamRecord[] _records;
    private int _loaded;
    private int _visible;

    /// <summary>A shard whose records are all there, such as those of a layout.</summary>
    /// <param name="index">The number in its id.</param>
    /// <param name="range">Its part of the hash space.</param>
    /// <param name="records">Its records; they are only looked at.</param>
    /// <param name="from">The first of them that arrives in this run.</param>
    /// <param name="until">The first of them that does not.</param>
    /// <param name="delay">From arrival until a record can be read.</param>
    public TrafficShard(int index, HashKeyRange range, StreamRecord[] records, int from, int until, PropagationDelay delay)
        : base(index, range)
    {
        (_records, _before, _visible, _loaded, _delay) = (records, from, from, until, delay);
        Lend(records, from);
    }

    /// <summary>A shard whose records a feed brings while time goes on.</summary>
    public TrafficShard(int index, HashKeyRange range, TrafficFeed feed, PropagationDelay delay, ImmutableArray<string> parents = default)
        : base(index, range, parents)
    {
        (_records, _delay, _feed) = (new StreamRecord[1_024], delay, feed);
        Lend(_records, 0);
    }

    /// <summary>Records of the run that have come so far.</summary>
    public long Arrived => Count - _before;

    /// <summary>Those of them that lie in memory.</summary>
    public ReadOnlySpan<StreamRecord> ArrivedRecords => Records[Math.Min(_before, Records.Length)..];

    /// <inheritdoc/>
    public override DateTimeOffset? NextArrival
    {
        get
        {
            if (_visible < _loaded)
                return ArrivalNumbers.Epoch.AddTicks(VisibleAt(in _records[_visible]));
            return _feed?.NextBlock;
        }
    }

    /// <inheritdoc/>
    public override void AdvanceTo(DateTimeOffset now)
    {
        _feed?.BringUntil(now);
        long ticks = (now - ArrivalNumbers.Epoch).Ticks;
        int visible = _visible;
        while (visible < _loaded && VisibleAt(in _records[visible]) <= ticks)
            visible++;
        if (visible != _visible)
            Show(_visible = visible);
    }

    /// <summary>Takes a record of the feed; it can be read when its time has come.</summary>
    public void Load(in StreamRecord record)
    {
        if (_loaded == _records.Length)
            MakeRoom(_records.Length * 2);
        _records[_loaded++] = record;
    }

    /// <summary>When everything that was loaded can be read; null when it can.</summary>
    public DateTimeOffset? AllVisibleAt
    {
        get
        {
            long last = long.MinValue;
            for (int record = _visible; record < _loaded; record++)
                last = Math.Max(last, VisibleAt(in _records[record]));
            return last == long.MinValue ? null : ArrivalNumbers.Epoch.AddTicks(last);
        }
    }

    /// <summary>Nobody reads records below a number again: where a feed brings them, their memory is free.</summary>
    public void Forget(SequenceNumber below)
    {
        if (_feed is null)
            return;
        (int low, int high) = (0, _visible);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_records[middle].SequenceNumber < below)
                low = middle + 1;
            else
                high = middle;
        }
        if (low >= 4_096 && low > _loaded / 2)
            MakeRoom(_records.Length, drop: low);
    }

    private void MakeRoom(int length, int drop = 0)
    {
        var larger = new StreamRecord[Math.Max(1_024, drop > 0 ? Math.Max(_loaded - drop, length / 2) : length)];
        _records.AsSpan(drop, _loaded - drop).CopyTo(larger);
        _records = larger;
        _loaded -= drop;
        _visible -= drop;
        Drop(drop, larger);
    }

    private long VisibleAt(in StreamRecord record)
    {
        long ticks = ArrivalNumbers.TicksOf(in record);
        return ticks + _delay.Of(Index, ticks);
    }
}
