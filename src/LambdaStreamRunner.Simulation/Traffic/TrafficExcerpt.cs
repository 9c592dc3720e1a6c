using System.Globalization;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>A part of another traffic, from zero on.</summary>
internal sealed class TrafficExcerpt : StreamTraffic
{
    private readonly StreamTraffic _original;
    private readonly TimeSpan _from;
    private readonly TimeSpan _until;
    private readonly Lazy<(long Count, long LastTicks)> _extent;

    public TrafficExcerpt(StreamTraffic original, TimeSpan from, TimeSpan until)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(until, from);
        (_original, _from, _until) = (original, from, until);
        _extent = new Lazy<(long, long)>(Measure);
    }

    public override string Description =>
        string.Create(CultureInfo.InvariantCulture, $"{_original.Description}, of which {TimeText.Of(_from)} to {TimeText.Of(_until)}: {Count:N0} records");

    public override long Count => _extent.Value.Count;

    public override TimeSpan Duration => TimeSpan.FromTicks(_extent.Value.LastTicks);

    public override IEnumerable<ReadOnlyMemory<Arrival>> ReadFrom(TimeSpan from)
    {
        var block = new Arrival[BlockMax];
        foreach (ReadOnlyMemory<Arrival> read in _original.ReadFrom(_from + Later(from, TimeSpan.Zero)))
        {
            int count = 0;
            foreach (ref readonly Arrival arrival in read.Span)
            {
                if (arrival.Ticks < _until.Ticks)
                    block[count++] = arrival with { Ticks = arrival.Ticks - _from.Ticks };
            }
            if (count > 0)
                yield return block.AsMemory(0, count);
            if (count < read.Length)
                yield break;
        }
    }

    public override string NameOf(UInt128 keyHash) => _original.NameOf(keyHash);

    private (long, long) Measure()
    {
        (long count, long last) = (0, 0);
        foreach (ReadOnlyMemory<Arrival> block in ReadFrom(TimeSpan.Zero))
            (count, last) = (count + block.Length, block.Span[^1].Ticks);
        return (count, last);
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
