using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>What a search knows about traffic after reading it once: its rate over time, the size of its records, its busiest keys.</summary>
internal sealed class TrafficSurvey
{
    /// <summary>Stretches of time that are counted apart.</summary>
    private const int StretchesMax = 4_096;

    /// <summary>Keys that are counted at the same time; past it those with the fewest records are forgotten, which no busy key is.</summary>
    private const int KeysMax = 262_144;

    private readonly long[] _before;                          // records before each stretch
    private readonly TimeSpan _stretch;

    private TrafficSurvey(long[] perStretch, TimeSpan stretch, TimeSpan duration, double payloadMean, (UInt128 Key, long Records)? busiest)
    {
        (_stretch, Duration, PayloadMean, Busiest) = (stretch, duration, payloadMean, busiest);
        _before = new long[perStretch.Length + 1];
        for (int i = 0; i < perStretch.Length; i++)
            _before[i + 1] = _before[i] + perStretch[i];
    }

    /// <summary>Records in all.</summary>
    public long Records => _before[^1];

    /// <summary>From the beginning to the last record; never zero.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Mean bytes of a record's payload.</summary>
    public double PayloadMean { get; }

    /// <summary>The key with the most records, with their number; null without traffic.</summary>
    public (UInt128 Key, long Records)? Busiest { get; }

    /// <summary>Records per second in the mean.</summary>
    public double RatePerSecond => Records / Duration.TotalSeconds;

    /// <summary>Records per second of the busiest second, or of the shortest stretch that is longer.</summary>
    public double PeakPerSecond
    {
        get
        {
            int width = (int)Math.Clamp(TimeSpan.TicksPerSecond / _stretch.Ticks, 1, _before.Length - 1);
            long most = Enumerable.Range(0, _before.Length - width).Max(from => _before[from + width] - _before[from]);
            return most / Math.Max(1, (_stretch * width).TotalSeconds);
        }
    }

    /// <summary>Reads the traffic to its end.</summary>
    public static TrafficSurvey Of(StreamTraffic traffic, CancellationToken cancellation)
    {
        // Records of a moment are a rate, too: of the shortest time that a stream tells apart.
        var duration = TimeSpan.FromTicks(Math.Max(traffic.Duration.Ticks, TimeSpan.TicksPerMillisecond));
        int stretches = (int)Math.Clamp(duration.Ticks / TimeSpan.TicksPerMillisecond, 1, StretchesMax);
        var stretch = TimeSpan.FromTicks((duration.Ticks / stretches) + 1);
        long[] perStretch = new long[stretches];
        Dictionary<UInt128, long> keys = [];
        double bytes = 0;
        foreach (ReadOnlyMemory<Arrival> block in traffic.ReadFrom(TimeSpan.Zero))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (ref readonly Arrival arrival in block.Span)
            {
                perStretch[Math.Clamp(arrival.Ticks / stretch.Ticks, 0, stretches - 1)]++;
                bytes += arrival.DataLength;
                CollectionsMarshal.GetValueRefOrAddDefault(keys, arrival.KeyHash, out _)++;
            }
            if (keys.Count > KeysMax)
                ForgetRareKeys(keys);
        }
        long records = perStretch.Sum();
        (UInt128, long)? busiest = keys.Count == 0 ? null : keys.Select(pair => (pair.Key, pair.Value)).MaxBy(pair => (pair.Value, pair.Key));
        return new TrafficSurvey(perStretch, stretch, duration, records == 0 ? 0 : bytes / records, busiest);
    }

    /// <summary>Records that arrive before a time, to the grain of the survey.</summary>
    public long RecordsBefore(TimeSpan time) => _before[Math.Clamp(time.Ticks / _stretch.Ticks, 0, _before.Length - 1)];

    /// <summary>The stretch of a length with the most records.</summary>
    public TrafficSlice BusiestOf(TimeSpan length)
    {
        if (length >= Duration)
            return TrafficSlice.Whole;
        int width = (int)Math.Clamp(Math.Ceiling((double)length.Ticks / _stretch.Ticks), 1, _before.Length - 1);
        int best = 0;
        for (int from = 0; from + width < _before.Length; from++)
        {
            if (_before[from + width] - _before[from] > _before[best + width] - _before[best])
                best = from;
        }
        TimeSpan start = _stretch * best;
        return TrafficSlice.Of(start, start + (_stretch * width));
    }

    private static void ForgetRareKeys(Dictionary<UInt128, long> keys)
    {
        long[] counts = [.. keys.Values.Order()];
        long kept = counts[counts.Length / 2];                // at least half goes: all that have no more than the median
        foreach ((UInt128 key, long count) in keys)
        {
            if (count <= kept)
                keys.Remove(key);
        }
    }
}

/// <summary>A part of the traffic that is simulated, with what runs before it so that it does not begin empty.</summary>
/// <param name="From">Where the run begins.</param>
/// <param name="Until">Where it ends; null at the end of the traffic.</param>
/// <param name="WarmUp">How much of the beginning counts into no figure.</param>
internal readonly record struct TrafficSlice(TimeSpan From, TimeSpan? Until, TimeSpan WarmUp)
{
    /// <summary>Share of a slice that runs before it.</summary>
    private const double WarmUpShare = 0.25;

    /// <summary>All of it.</summary>
    public static TrafficSlice Whole { get; } = new(TimeSpan.Zero, null, TimeSpan.Zero);

    /// <summary>A slice with its warm-up, as far as there is traffic before it.</summary>
    public static TrafficSlice Of(TimeSpan from, TimeSpan until)
    {
        TimeSpan start = from - ((until - from) * WarmUpShare);
        if (start < TimeSpan.Zero)
            start = TimeSpan.Zero;
        return new TrafficSlice(start, until, from - start);
    }
}
