using System.Text;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Verifying;

/// <summary>The busiest stretch of a traffic with real keys and payloads, so that the same records can be simulated and put.</summary>
/// <remarks>A key that the traffic knows by its hash only gets that hash as its name: the same share of the records, perhaps in another lane.</remarks>
internal sealed class TrafficSlice : StreamTraffic
{
    /// <summary>Most records: they lie in memory. A slice with more of them is shorter.</summary>
    public const int RecordsMax = 1_000_000;

    private readonly Arrival[] _arrivals;
    private readonly string[] _keys;
    private readonly Dictionary<UInt128, string> _names;

    private TrafficSlice(string description, Arrival[] arrivals, string[] keys, ReadOnlyMemory<byte>[] payloads, Dictionary<UInt128, string> names) =>
        (Description, _arrivals, _keys, Payloads, _names) = (description, arrivals, keys, payloads, names);

    /// <inheritdoc/>
    public override string Description { get; }

    /// <inheritdoc/>
    public override long Count => _arrivals.Length;

    /// <inheritdoc/>
    public override TimeSpan Duration => _arrivals.Length == 0 ? TimeSpan.Zero : _arrivals[^1].Time;

    /// <summary>The records in order, since the beginning of the slice.</summary>
    public IReadOnlyList<Arrival> Arrivals => _arrivals;

    /// <summary>Their payloads.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Payloads { get; }

    /// <summary>Their partition keys.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>Cuts the stretch with the most records out of a traffic.</summary>
    /// <param name="traffic">The traffic.</param>
    /// <param name="length">How long; all of a traffic that is shorter.</param>
    /// <param name="samples">Payloads, used in turn; generated ones get the sizes of the traffic.</param>
    public static TrafficSlice BusiestOf(StreamTraffic traffic, TimeSpan length, SampleRecords samples)
    {
        TimeSpan from = BusiestBeginning(traffic, length);
        List<Arrival> arrivals = [];
        List<string> keys = [];
        List<ReadOnlyMemory<byte>> payloads = [];
        Dictionary<UInt128, (string Name, UInt128 Hash, int Length)> known = [];
        var filler = new Payloads(samples);
        foreach (Arrival arrival in ArrivalsFrom(traffic, from).TakeWhile(arrival => arrival.Time < from + length).Take(RecordsMax))
        {
            if (!known.TryGetValue(arrival.KeyHash, out (string Name, UInt128 Hash, int Length) key))
            {
                byte[] utf8 = Encoding.UTF8.GetBytes(traffic.NameOf(arrival.KeyHash));
                known.Add(arrival.KeyHash, key = (traffic.NameOf(arrival.KeyHash), HashKeyRange.HashOf(utf8), utf8.Length));
            }
            ReadOnlyMemory<byte> payload = filler.Next(arrival.DataLength);
            arrivals.Add(new Arrival(arrival.Ticks - from.Ticks, key.Hash, key.Length, payload.Length));
            keys.Add(key.Name);
            payloads.Add(payload);
        }
        string description = $"{Figures.Duration(length < traffic.Duration ? length : traffic.Duration)} of {traffic.Description}, from {Figures.Duration(from)} on: {Figures.Some(arrivals.Count, "record")}";
        return new TrafficSlice(description, [.. arrivals], [.. keys], [.. payloads], known.Values.DistinctBy(key => key.Hash).ToDictionary(key => key.Hash, key => key.Name));
    }

    /// <inheritdoc/>
    public override IEnumerable<ReadOnlyMemory<Arrival>> ReadFrom(TimeSpan from)
    {
        int first = Array.FindIndex(_arrivals, arrival => arrival.Time >= from);
        for (int at = first < 0 ? _arrivals.Length : first; at < _arrivals.Length; at += BlockMax)
            yield return _arrivals.AsMemory(at, Math.Min(BlockMax, _arrivals.Length - at));
    }

    /// <inheritdoc/>
    public override string NameOf(UInt128 keyHash) => _names.TryGetValue(keyHash, out string? name) ? name : base.NameOf(keyHash);

    // In steps of a tenth of the length: the exact tick does not matter.
    private static TimeSpan BusiestBeginning(StreamTraffic traffic, TimeSpan length)
    {
        if (traffic.Duration <= length)
            return TimeSpan.Zero;
        const int parts = 10;
        long step = Math.Max(1, length.Ticks / parts);
        var counts = new Queue<int>(parts);
        (long sum, long most, long best, long at) = (0, 0, 0, 0);
        int count = 0;
        foreach (Arrival arrival in ArrivalsFrom(traffic, TimeSpan.Zero))
        {
            for (; arrival.Ticks >= at + step; at += step)
                Close();
            count++;
        }
        Close();
        return TimeSpan.FromTicks(best);

        void Close()
        {
            counts.Enqueue(count);
            sum += count;
            count = 0;
            if (counts.Count > parts)
                sum -= counts.Dequeue();
            if (sum > most)
                (most, best) = (sum, Math.Max(0, at + step - length.Ticks));
        }
    }

    private static IEnumerable<Arrival> ArrivalsFrom(StreamTraffic traffic, TimeSpan from)
    {
        foreach (ReadOnlyMemory<Arrival> block in traffic.ReadFrom(from))
        {
            for (int i = 0; i < block.Length; i++)
                yield return block.Span[i];
        }
    }
}
