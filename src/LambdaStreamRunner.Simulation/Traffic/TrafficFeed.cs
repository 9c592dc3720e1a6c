using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>Reads a traffic while it is simulated, and hands every record to its shard: for traffic that is too large to lie in memory, or whose shards change.</summary>
internal sealed class TrafficFeed : IDisposable
{
    private readonly IEnumerator<ReadOnlyMemory<Arrival>> _blocks;
    private readonly ArrivalNumbers _numbers = new();
    private readonly long _untilTicks;
    private TrafficShard[] _shards = [];
    private HashKeyRange[] _ranges = [];
    private ReadOnlyMemory<Arrival> _block;
    private int _next;

    public TrafficFeed(StreamTraffic traffic, TimeSpan from, TimeSpan? until)
    {
        _untilTicks = until?.Ticks ?? long.MaxValue;
        _blocks = traffic.ReadFrom(from).GetEnumerator();
        Advance();
    }

    /// <summary>True when nothing is left.</summary>
    public bool IsOver => _next >= _block.Length;

    /// <summary>When there is more to bring; null at the end.</summary>
    public DateTimeOffset? NextBlock => IsOver ? null : ArrivalNumbers.Epoch.AddTicks(_block.Span[_next].Ticks);

    /// <summary>Called for every record as it is brought.</summary>
    public Action<StreamRecord>? Brought { get; init; }

    /// <summary>From now on records go to these shards, equal parts of the hash space.</summary>
    public void Serve(TrafficShard[] shards) => (_shards, _ranges) = (shards, Array.ConvertAll(shards, shard => shard.Range));

    /// <summary>Brings everything that arrives up to a time.</summary>
    public void BringUntil(DateTimeOffset now)
    {
        long ticks = (now - ArrivalNumbers.Epoch).Ticks;
        while (!IsOver && _block.Span[_next].Ticks <= ticks)
        {
            Arrival arrival = _block.Span[_next++];
            TrafficShard shard = _shards[TrafficLayout.ShardOf(_ranges, arrival.KeyHash)];
            StreamRecord record = _numbers.Next(in arrival, shard.Index);
            shard.Load(in record);
            Brought?.Invoke(record);
            if (_next == _block.Length)
                Advance();
        }
    }

    public void Dispose() => _blocks.Dispose();

    private void Advance()
    {
        (_block, _next) = (default, 0);
        while (_block.IsEmpty && _blocks.MoveNext())
            _block = UpToEnd(_blocks.Current);
    }

    private ReadOnlyMemory<Arrival> UpToEnd(ReadOnlyMemory<Arrival> block)
    {
        if (block.IsEmpty || block.Span[^1].Ticks < _untilTicks)
            return block;
        int count = 0;
        while (block.Span[count].Ticks < _untilTicks)
            count++;
        return block[..count];
    }
}
