using System.Globalization;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>Another traffic, several times over.</summary>
internal sealed class RepeatedTraffic : StreamTraffic
{
    private readonly StreamTraffic _original;
    private readonly int _times;
    private readonly TimeSpan _period;

    public RepeatedTraffic(StreamTraffic original, int times, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, original.Duration);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        (_original, _times, _period) = (original, times, period);
    }

    public override string Description => string.Create(CultureInfo.InvariantCulture, $"{_original.Description}, {_times} times");

    public override long Count => _original.Count * _times;

    public override TimeSpan Duration => Count == 0 ? TimeSpan.Zero : (_period * (_times - 1)) + _original.Duration;

    public override IEnumerable<ReadOnlyMemory<Arrival>> ReadFrom(TimeSpan from)
    {
        var block = new Arrival[BlockMax];
        long first = Math.Clamp(from.Ticks / _period.Ticks, 0, _times);
        if (first > 0 && from.Ticks % _period.Ticks == 0)
            first--;                                          // the last records of one time may lie where the next one begins
        for (long time = first; time < _times; time++)
        {
            long start = time * _period.Ticks;
            foreach (ReadOnlyMemory<Arrival> read in _original.ReadFrom(TimeSpan.FromTicks(Math.Max(0, from.Ticks - start))))
            {
                for (int i = 0; i < read.Length; i++)
                    block[i] = read.Span[i] with { Ticks = read.Span[i].Ticks + start };
                yield return block.AsMemory(0, read.Length);
            }
        }
    }

    public override string NameOf(UInt128 keyHash) => _original.NameOf(keyHash);
}
