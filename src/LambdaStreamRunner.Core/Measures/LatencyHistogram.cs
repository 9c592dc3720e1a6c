using System.Numerics;

namespace LambdaStreamRunner.Core.Measures;

/// <summary>Counts durations in buckets whose width grows with the value: 64 to each doubling, so at most 1.6 % wide.</summary>
/// <remarks>
/// One thread records; others may merge it at any time and then see a slightly older state. Memory: 512 bytes for each
/// doubling that occurred, none while empty.
/// </remarks>
public sealed class LatencyHistogram
{
    private const int SubBucketBits = 6;
    private const int SubBuckets = 1 << SubBucketBits;

    private readonly long[]?[] _octaves = new long[]?[64 - SubBucketBits];

    /// <summary>Durations recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Longest duration, exact; 0 when there is none.</summary>
    public long Max { get; private set; }

    /// <summary>Records a duration, in a unit that is up to the caller and always the same.</summary>
    /// <param name="duration">Negative ones, which a clock that was set back can give, count as 0.</param>
    /// <param name="times">How often it occurred.</param>
    public void Record(long duration, long times = 1)
    {
        long value = Math.Max(0, duration);
        (int octave, int sub) = BucketOf((ulong)value);
        (_octaves[octave] ??= new long[SubBuckets])[sub] += times;
        Count += times;
        if (value > Max)
            Max = value;
    }

    /// <summary>Adds what another histogram has counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (int octave = 0; octave < _octaves.Length; octave++)
        {
            if (other._octaves[octave] is not { } counted)
                continue;
            long[] own = _octaves[octave] ??= new long[SubBuckets];
            for (int sub = 0; sub < SubBuckets; sub++)
            {
                own[sub] += counted[sub];
                Count += counted[sub];
            }
        }
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>The duration that this part of all durations does not exceed, within 1.6 %; 0 when there is none.</summary>
    /// <param name="fraction">0 to 1; 0.99 is the 99th percentile.</param>
    public long Percentile(double fraction)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(fraction * Count));
        long seen = 0;
        for (int octave = 0; octave < _octaves.Length; octave++)
        {
            if (_octaves[octave] is not { } counted)
                continue;
            for (int sub = 0; sub < SubBuckets; sub++)
            {
                seen += counted[sub];
                if (seen >= rank)
                    return Math.Min(Within(octave, sub, (double)(counted[sub] - (seen - rank)) / counted[sub]), Max);
            }
        }
        return Max;
    }

    // Octave 0 holds 0 to 63 exactly; octave n holds the 64 equal parts of 64·2^(n−1) to 64·2^n.
    private static (int Octave, int Sub) BucketOf(ulong value)
    {
        int octave = Math.Max(0, BitOperations.Log2(value | 1) - SubBucketBits + 1);
        return octave == 0 ? (0, (int)value) : (octave, (int)(value >> (octave - 1)) - SubBuckets);
    }

    // What lies in a bucket is taken to be spread evenly over it.
    private static long Within(int octave, int sub, double part)
    {
        if (octave == 0)
            return sub;
        long width = 1L << (octave - 1);
        return (width * (sub + SubBuckets)) + (long)Math.Ceiling(width * part) - 1;
    }
}
