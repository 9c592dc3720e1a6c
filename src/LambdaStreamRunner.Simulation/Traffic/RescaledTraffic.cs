using System.Globalization;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>Another traffic, faster or slower.</summary>
internal sealed class RescaledTraffic : StreamTraffic
{
    private readonly StreamTraffic _original;
    private readonly double _factor;

    public RescaledTraffic(StreamTraffic original, double factor)
    {
        if (!(factor > 0) || double.IsInfinity(factor))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "A speed is above 0.");
        (_original, _factor) = (original, factor);
    }

    public override string Description => string.Create(CultureInfo.InvariantCulture, $"{_original.Description}, sped up {_factor:0.###}x to {TimeText.Of(Duration)}");

    public override long Count => _original.Count;

    public override TimeSpan Duration => TimeSpan.FromTicks(Rescale(_original.Duration.Ticks));

    public override IEnumerable<ReadOnlyMemory<Arrival>> ReadFrom(TimeSpan from)
    {
        var block = new Arrival[BlockMax];
        TimeSpan original = TimeSpan.FromTicks((long)Math.Max(0, Math.Min((from.Ticks - 1) * _factor, long.MaxValue / 2)));
        foreach (ReadOnlyMemory<Arrival> read in _original.ReadFrom(original))
        {
            int count = Rescale(read.Span, block, from.Ticks);
            if (count > 0)
                yield return block.AsMemory(0, count);
        }
    }

    public override string NameOf(UInt128 keyHash) => _original.NameOf(keyHash);

    private int Rescale(ReadOnlySpan<Arrival> read, Span<Arrival> block, long from)
    {
        int count = 0;
        foreach (ref readonly Arrival arrival in read)
        {
            long ticks = Rescale(arrival.Ticks);
            if (ticks >= from)
                block[count++] = arrival with { Ticks = ticks };
        }
        return count;
    }

    private long Rescale(long ticks) => (long)(ticks / _factor);
}
