using System.Globalization;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>A traffic that was recorded, in memory: 32 bytes a record.</summary>
public sealed class RecordedTraffic : StreamTraffic
{
    private readonly List<Arrival[]> _blocks = [];
    private readonly KeyNames _names;
    private readonly string _source;
    private readonly long _lastTicks;

    /// <summary>The traffic of these records.</summary>
    /// <param name="source">Where they come from, for people: "access.csv".</param>
    /// <param name="arrivals">In order of time.</param>
    /// <param name="names">Names of their keys; none by default.</param>
    /// <exception cref="ArgumentException">They are not in order of time, or begin before zero.</exception>
    public RecordedTraffic(string source, IEnumerable<Arrival> arrivals, KeyNames? names = null)
    {
        (_source, _names) = (source, names ?? new KeyNames());
        foreach (Arrival[] block in arrivals.Chunk(BlockMax))
        {
            foreach (ref readonly Arrival arrival in block.AsSpan())
            {
                if (arrival.Ticks < _lastTicks)
                    throw new ArgumentException($"A record at {arrival.Time} follows one at {TimeSpan.FromTicks(_lastTicks)}: sort them by time first.", nameof(arrivals));
                _lastTicks = arrival.Ticks;
            }
            _blocks.Add(block);
            Count += block.Length;
        }
    }

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"{_source}, {Count:N0} records in {TimeText.Of(Duration)}");

    /// <inheritdoc/>
    public override long Count { get; }

    /// <inheritdoc/>
    public override TimeSpan Duration => TimeSpan.FromTicks(_lastTicks);

    /// <inheritdoc/>
    public override IEnumerable<ReadOnlyMemory<Arrival>> ReadFrom(TimeSpan from)
    {
        for (int i = FirstBlockOf(from.Ticks); i < _blocks.Count; i++)
        {
            int first = Array.FindIndex(_blocks[i], arrival => arrival.Ticks >= from.Ticks);
            if (first >= 0)
                yield return _blocks[i].AsMemory(first);
        }
    }

    /// <inheritdoc/>
    public override string NameOf(UInt128 keyHash) => _names.NameOf(keyHash);

    // The first whose last record is not before it.
    private int FirstBlockOf(long ticks)
    {
        (int low, int high) = (0, _blocks.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_blocks[middle][^1].Ticks >= ticks)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
