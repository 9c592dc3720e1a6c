using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings;

/// <summary>What a machine must know of its shard.</summary>
public sealed record ShardContext
{
    /// <summary>The shard's id, such as shardId-000000000000.</summary>
    public string ShardId { get; init; } = "shardId-000000000000";

    /// <summary>The shard's part of the hash space; lanes divide it.</summary>
    public HashKeyRange HashKeyRange { get; init; } = HashKeyRange.Full;

    /// <summary>Where to begin: the checkpoint, or the starting position (LATEST already bound to a number).</summary>
    public ShardCheckpoint From { get; init; } = new(ShardPosition.TrimHorizon);

    /// <summary>Bytes that every record of this shard takes in the event besides its own values.</summary>
    public int FixedRecordLength { get; init; }

    /// <summary>Bytes that the members of a tumbling window take in the event besides the state.</summary>
    public int FixedWindowLength { get; init; }

    /// <summary>How long the stream keeps records; older ones are dropped in silence.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The lane of a key, by its hash, where the caller decides: a legal assignment that AWS might make as well. Null (the default) leaves it to the policy.</summary>
    /// <value>0 to ParallelizationFactor − 1, always the same for a key. Tests use it to depend on no particular assignment.</value>
    public Func<UInt128, int>? LaneOfKey { get; init; }

    /// <summary>Seed of the request ids, so that a run can be repeated exactly.</summary>
    public long Seed { get; init; }
}
