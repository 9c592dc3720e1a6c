using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>The partition keys of a traffic: how many there are, and which are the busiest.</summary>
/// <param name="Distinct">Different keys; where there are more than <see cref="KeysMax"/>, so many.</param>
/// <param name="Busiest">The busiest with their share of the records, the busiest first; at most <see cref="BusiestMax"/>.</param>
public sealed record KeyCounts(long Distinct, ImmutableArray<(UInt128 Hash, double Share)> Busiest)
{
    /// <summary>Keys that are counted: the first ones that occur.</summary>
    public const int KeysMax = 262_144;

    /// <summary>Keys that are named.</summary>
    public const int BusiestMax = 10;

    /// <summary>Counts the keys of a traffic.</summary>
    public static KeyCounts Of(StreamTraffic traffic)
    {
        var counts = new Dictionary<UInt128, int>();
        long records = 0;
        foreach (ReadOnlyMemory<Arrival> block in traffic.ReadFrom(TimeSpan.Zero))
        {
            foreach (ref readonly Arrival arrival in block.Span)
            {
                records++;
                if (counts.Count < KeysMax)
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, arrival.KeyHash, out _)++;
                else if (counts.TryGetValue(arrival.KeyHash, out int count))
                    counts[arrival.KeyHash] = count + 1;
            }
        }
        var busiest = counts.OrderByDescending(key => key.Value).ThenBy(key => key.Key).Take(BusiestMax);
        return new KeyCounts(counts.Count, [.. busiest.Select(key => (key.Key, (double)key.Value / records))]);
    }
}
