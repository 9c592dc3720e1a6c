using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>A traffic as the records of so many shards, all of it in memory, to be shared by many runs.</summary>
internal sealed class TrafficLayout
{
    /// <summary>Records up to which a traffic is laid out in memory: 80 bytes each. Larger ones are read while they are simulated.</summary>
    public const long RecordsMax = 2_000_000;

    private TrafficLayout(HashKeyRange[] ranges, StreamRecord[][] records) => (Ranges, Records) = (ranges, records);

    /// <summary>The shards' parts of the hash space.</summary>
    public HashKeyRange[] Ranges { get; }

    /// <summary>The shards' records.</summary>
    public StreamRecord[][] Records { get; }

    public static TrafficLayout Of(StreamTraffic traffic, int shards)
    {
        HashKeyRange[] ranges = HashKeyRange.Split(shards);
        int[] counts = new int[shards];
        foreach (ReadOnlyMemory<Arrival> block in traffic.ReadFrom(TimeSpan.Zero))
        {
            foreach (ref readonly Arrival arrival in block.Span)
                counts[ShardOf(ranges, arrival.KeyHash)]++;
        }
        var records = Array.ConvertAll(counts, count => new StreamRecord[count]);
        var numbers = new ArrivalNumbers();
        Array.Clear(counts);
        foreach (ReadOnlyMemory<Arrival> block in traffic.ReadFrom(TimeSpan.Zero))
        {
            foreach (ref readonly Arrival arrival in block.Span)
            {
                int shard = ShardOf(ranges, arrival.KeyHash);
                records[shard][counts[shard]++] = numbers.Next(in arrival, shard);
            }
        }
        return new TrafficLayout(ranges, records);
    }

    /// <summary>The shard of a hash, among equal parts in ascending order.</summary>
    public static int ShardOf(HashKeyRange[] ranges, UInt128 hash)
    {
        if (ranges.Length == 1)
            return 0;
        int guess = (int)Math.Min((ulong)(hash >> 64) / (ulong.MaxValue / (ulong)ranges.Length), (ulong)ranges.Length - 1);
        while (hash < ranges[guess].StartingHashKey)
            guess--;
        while (hash > ranges[guess].EndingHashKey)
            guess++;
        return guess;
    }
}
