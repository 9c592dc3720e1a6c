using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>What the busiest second brings to the shard that it is busiest for: keys decide the shard, and a busy key does not spread.</summary>
/// <param name="Records">Records of one shard within one second, at most.</param>
/// <param name="Bytes">Bytes of one shard within one second, at most, partition keys included.</param>
/// <param name="KeyRecords">Records of the busiest key within one second, at most.</param>
/// <param name="KeyBytes">Its bytes within one second, at most.</param>
internal readonly record struct ShardPeak(long Records, long Bytes, long KeyRecords, long KeyBytes)
{
    /// <summary>Reads the traffic once more.</summary>
    /// <param name="traffic">In order of time.</param>
    /// <param name="shards">Equal parts of the hash space.</param>
    /// <param name="busiest">The busiest key's hash.</param>
    public static ShardPeak Of(StreamTraffic traffic, int shards, UInt128 busiest)
    {
        HashKeyRange[] ranges = HashKeyRange.Split(shards);
        long[] records = new long[shards];
        long[] bytes = new long[shards];
        (long keyRecords, long keyBytes, long second) = (0, 0, -1);
        ShardPeak peak = default;
        foreach (ReadOnlyMemory<Arrival> block in traffic.ReadFrom(TimeSpan.Zero))
        {
            foreach (ref readonly Arrival arrival in block.Span)
            {
                if (arrival.Ticks / TimeSpan.TicksPerSecond != second)
                {
                    second = arrival.Ticks / TimeSpan.TicksPerSecond;
                    Array.Clear(records);
                    Array.Clear(bytes);
                    (keyRecords, keyBytes) = (0, 0);
                }
                int length = arrival.KeyLength + arrival.DataLength;
                int shard = TrafficLayout.ShardOf(ranges, arrival.KeyHash);
                if (arrival.KeyHash == busiest)
                    (keyRecords, keyBytes) = (keyRecords + 1, keyBytes + length);
                peak = peak.With(++records[shard], bytes[shard] += length, keyRecords, keyBytes);
            }
        }
        return peak;
    }

    private ShardPeak With(long records, long bytes, long keyRecords, long keyBytes) =>
        new(Math.Max(Records, records), Math.Max(Bytes, bytes), Math.Max(KeyRecords, keyRecords), Math.Max(KeyBytes, keyBytes));
}
