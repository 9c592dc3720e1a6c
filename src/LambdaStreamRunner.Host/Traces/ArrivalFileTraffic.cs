using System.Globalization;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>A recorded traffic that is too large for memory, read from a temporary file.</summary>
internal sealed class ArrivalFileTraffic : StreamTraffic, IDisposable
{
    private readonly ArrivalFile _file;
    private readonly IReadOnlyList<long> _firstTicks;         // of each block
    private readonly KeyNames _names;
    private readonly string _source;

    /// <summary>The traffic in a file, which is this one's from now on.</summary>
    /// <param name="source">Where it comes from, for people.</param>
    /// <param name="file">In order of time.</param>
    /// <param name="firstTicks">The time of every 8,192nd record, from the first.</param>
    /// <param name="lastTicks">The time of the last record.</param>
    /// <param name="names">Names of keys.</param>
    public ArrivalFileTraffic(string source, ArrivalFile file, IReadOnlyList<long> firstTicks, long lastTicks, KeyNames names)
    {
        (_source, _file, _firstTicks, _names) = (source, file, firstTicks, names);
        Duration = TimeSpan.FromTicks(lastTicks);
        file.Flush();
    }

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"{_source}, {Terminal.Figures.Some(Count, "record")} in {TimeText.Of(Duration)}");

    /// <inheritdoc/>
    public override long Count => _file.Count;

    /// <inheritdoc/>
    public override TimeSpan Duration { get; }

    /// <inheritdoc/>
    public override IEnumerable<ReadOnlyMemory<Arrival>> ReadFrom(TimeSpan from)
    {
        var block = new Arrival[BlockMax];
        for (long i = FirstBlockOf(from.Ticks); i * BlockMax < Count; i++)
        {
            int count = _file.Read(i * BlockMax, block);
            int skipped = 0;
            while (skipped < count && block[skipped].Ticks < from.Ticks)
                skipped++;
            if (skipped < count)
                yield return block.AsMemory(skipped, count - skipped);
        }
    }

    /// <inheritdoc/>
    public override string NameOf(UInt128 keyHash) => _names.NameOf(keyHash);

    public void Dispose() => _file.Dispose();

    // The last one that begins before it: records of that time may lie at its end.
    private int FirstBlockOf(long ticks)
    {
        (int low, int high) = (0, _firstTicks.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_firstTicks[middle] >= ticks)
                high = middle;
            else
                low = middle + 1;
        }
        return Math.Max(0, low - 1);
    }
}
