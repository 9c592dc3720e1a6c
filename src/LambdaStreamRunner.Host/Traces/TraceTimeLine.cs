using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Lets a trace that is in order begin at zero, and shortens its long gaps.</summary>
/// <param name="maxGap">The longest gap that stays; null for any.</param>
/// <param name="next">Takes the result, which is written over what came.</param>
internal sealed class TraceTimeLine(TimeSpan? maxGap, Action<ReadOnlySpan<Arrival>> next)
{
    private readonly Arrival[] _block = new Arrival[StreamTraffic.BlockMax];
    private readonly long _maxGap = maxGap?.Ticks ?? long.MaxValue;
    private long _removed = -1;                               // ticks before the beginning and within gaps; -1 before the first record
    private long _last;

    /// <summary>How many gaps were shortened.</summary>
    public long Shortened { get; private set; }

    public void Add(ReadOnlySpan<Arrival> arrivals)
    {
        while (!arrivals.IsEmpty)
        {
            ReadOnlySpan<Arrival> part = arrivals[..Math.Min(arrivals.Length, _block.Length)];
            for (int i = 0; i < part.Length; i++)
                _block[i] = part[i] with { Ticks = TimeOf(part[i].Ticks) };
            next(_block.AsSpan(0, part.Length));
            arrivals = arrivals[part.Length..];
        }
    }

    private long TimeOf(long ticks)
    {
        if (_removed < 0)
            (_removed, _last) = (ticks, ticks);
        if (ticks - _last > _maxGap)
        {
            _removed += ticks - _last - _maxGap;
            Shortened++;
        }
        _last = ticks;
        return ticks - _removed;
    }
}
