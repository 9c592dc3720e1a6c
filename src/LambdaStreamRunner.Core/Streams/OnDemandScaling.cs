using System.Collections.Immutable;

namespace LambdaStreamRunner.Core.Streams;

/// <summary>Decides which shards of a stream in ON_DEMAND mode are split, by what was put on each of them in the last minute.</summary>
/// <remarks>
/// A shard that was used by half is split, so a stream takes double the peak that it has seen; what grows faster than twofold
/// in a quarter of an hour is throttled. Streams never shrink by themselves: AWS promises double the peak of the last 30 days
/// and does not say when it merges shards afterwards; UpdateStreamWarmThroughput does it on request. So nothing has to be
/// remembered over a restart: the shards are the memory. AWS:
/// <see href="https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html"/>, and for the half within a minute
/// <see href="https://aws.amazon.com/blogs/big-data/amazon-kinesis-data-streams-on-demand-capacity-mode-now-scales-up-to-1-gb-second-ingest-capacity/"/>.
/// </remarks>
public sealed class OnDemandScaling
{
    /// <summary>Shards of a new stream: 4 MB/s in, 8 MB/s out.</summary>
    public const int ShardsMin = 4;

    /// <summary>Shards that the load alone makes of a stream (AWS: default quota of 200 MB/s in).</summary>
    public const int ShardsMax = 200;

    /// <summary>The most that a stream can be warmed up for (AWS: 10 GiB/s), at a shard for each MiB/s.</summary>
    public const int WarmThroughputMiBpsMax = 10_240;

    /// <summary>A shard that takes so many bytes a second, or more, is split: half of what it can take.</summary>
    public const int SplitBytesPerSecond = 500_000;

    /// <summary>A shard that takes so many records a second, or more, is split: half of what it can take.</summary>
    public const int SplitRecordsPerSecond = ShardThroughput.WriteRecordsPerSecond / 2;

    /// <summary>What rates are the average of.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>How old a shard is at least that is split, unless the stream began with it: capacity doubles once in this time.</summary>
    public static readonly TimeSpan DoublingTime = TimeSpan.FromMinutes(15);

    /// <summary>Timers may ring a little early; a minute must not be lost for that.</summary>
    private static readonly TimeSpan TimerTolerance = TimeSpan.FromSeconds(1);

    private Dictionary<int, Load> _before = [];
    private DateTimeOffset? _asOf;

    /// <summary>Shards of a stream that is warmed up for a throughput; as many as a new one has at least.</summary>
    public static int ShardsFor(int? warmThroughputMiBps) => Math.Max(ShardsMin, warmThroughputMiBps ?? 0);

    /// <summary>The indexes of the shards to split now, the busiest first; none before a window has passed since the last answer.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="roomForShards">How many more shards there may be, beside <see cref="ShardsMax"/>.</param>
    /// <param name="now">The time.</param>
    public ImmutableArray<int> ShardsToSplit(InMemoryStream stream, int roomForShards, DateTimeOffset now)
    {
        TimeSpan elapsed = now - (_asOf ?? DateTimeOffset.MinValue);
        if (_asOf is not null && elapsed < Window - TimerTolerance)
            return [];

        ImmutableArray<Shard> open = stream.OpenShards;
        Dictionary<int, Load> loads = open.ToDictionary(shard => shard.Index, Load.Of);
        int room = Math.Clamp(ShardsMax - open.Length, 0, Math.Max(0, roomForShards));
        ImmutableArray<int> hot = _asOf is null
            ? []                                              // what was put before belongs to no minute
            :
            [
                .. open.Where(shard => MaySplit(shard, now))
                    .Select(shard => (shard.Index, Use: loads[shard.Index].Less(_before.GetValueOrDefault(shard.Index)).UseIn(elapsed)))
                    .Where(shard => shard.Use >= 1)
                    .OrderByDescending(shard => shard.Use).ThenBy(shard => shard.Index)
                    .Take(room)
                    .Select(shard => shard.Index),
            ];
        (_before, _asOf) = (loads, now);
        return hot;
    }

    /// <summary>Where a shard is cut in two halves.</summary>
    public static UInt128 MiddleOf(HashKeyRange range) => range.StartingHashKey + ((range.EndingHashKey - range.StartingHashKey) / 2) + 1;

    // SplitShard's own bound on narrow ranges.
    private static bool MaySplit(Shard shard, DateTimeOffset now) =>
        shard.HashKeyRange.EndingHashKey - shard.HashKeyRange.StartingHashKey >= 3
        && (shard.Parent is null || now.ToUnixTimeSeconds() - shard.StartingSequenceNumber.ShardCreatedSeconds >= (long)DoublingTime.TotalSeconds);

    /// <summary>What was put on a shard.</summary>
    private readonly record struct Load(long Records, long Bytes)
    {
        public static Load Of(Shard shard) => new(shard.RecordCount, shard.WrittenBytes);

        public Load Less(Load before) => new(Records - before.Records, Bytes - before.Bytes);

        /// <summary>How much of the throughput that asks for a split it is; 1 and more does.</summary>
        public double UseIn(TimeSpan time) =>
            Math.Max((double)Records / SplitRecordsPerSecond, (double)Bytes / SplitBytesPerSecond) / time.TotalSeconds;
    }
}
