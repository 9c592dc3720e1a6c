using System.Globalization;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>A traffic that was recorded, in memory: 32 bytes a record.</summary>
public sealed class RecordedTraffic : StreamTraffic
{
    private readonly IReadOnlyList<Arrival[]> _blocks;
    private readonly KeyNames _names;
    private readonly string _source;
    private readonly long _lastTicks;

    /// <summary>The traffic of these records.</summary>
    /// <param name="source">Where they come from, for people: "access.csv".</param>
    /// <param name="arrivals">In order of time.</param>
    /// <param name="names">Names of their keys; none by default.</param>
    /// <exception cref="ArgumentException">They are not in order of time, or begin before zero.</exception>
    public RecordedTraffic(string source, IEnumerable<Arrival> arrivals, KeyNames? names = null)
        : this(source, arrivals.Chunk(BlockMax).ToList(), names)
    {
    }

    /// <summary>The traffic of records that lie in blocks already; they are not copied.</summary>
    /// <param name="source">Where they come from, for people.</param>
    /// <param name="blocks">In order of time, each with 1 to <see cref="StreamTraffic.BlockMax"/> records; nobody changes them any more.</param>
    /// <param name="names">Names of their keys; none by default.</param>
    /// <exception cref="ArgumentException">They are not in order of time, or begin before zero.</exception>
    public RecordedTraffic(string source, IReadOnlyList<Arrival[]> blocks, KeyNames? names = null)
    {
        (_source, _blocks, _names) = (source, blocks, names ?? new KeyNames());
        foreach (Arrival[] block in blocks)
        {
            if (block.Length is 0 or > BlockMax)
                throw new ArgumentException($"A block has {block.Length} records; it may have 1 to {BlockMax}.", nameof(blocks));
            foreach (ref readonly Arrival arrival in block.AsSpan())
            {
                if (arrival.Ticks < _lastTicks)
                    throw new ArgumentException($"A record at {arrival.Time} follows one at {TimeSpan.FromTicks(_lastTicks)}: sort them by time first.", nameof(blocks));
                _lastTicks = arrival.Ticks;
            }
            Count += block.Length;
        }
    }

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"{_source}, {Count:N0} record{(Count == 1 ? "" : "s")} in {TimeText.Of(Duration)}");

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
