using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings.Ordering;

namespace LambdaStreamRunner.Simulation;

/// <summary>The world around a simulated mapping.</summary>
public sealed record SimulationOptions
{
    /// <summary>Start of virtual time.</summary>
    public DateTimeOffset Start { get; init; } = DateTimeOffset.UnixEpoch.AddSeconds(1_767_225_600);

    /// <summary>From the start until the mapping reads: what is put before is there already.</summary>
    public TimeSpan ReadyAfter { get; init; }

    /// <summary>The lane of a key, by its hash; null leaves it to the mapping's policy. A key must keep its lane.</summary>
    public Func<UInt128, int>? LaneOfKey { get; init; }

    /// <summary>How long the stream keeps records.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Bytes of every record in the event besides its own values; <see cref="KinesisEventFormat"/> says which.</summary>
    public int FixedRecordLength { get; init; } = 408;

    /// <summary>Bytes that the members of a tumbling window take in the event besides the state.</summary>
    public int FixedWindowLength { get; init; } = 230;

    /// <summary>True (the default): every step is kept. False where somebody counts along instead: a step costs as much as a batch.</summary>
    public bool KeepsHistory { get; init; } = true;

    /// <summary>Seed of the request ids.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>From SaveCheckpoint to CheckpointSaved.</summary>
    public TimeSpan CheckpointDelay { get; init; }

    /// <summary>From SendToDestination to its answer.</summary>
    public TimeSpan DestinationDelay { get; init; }

    /// <summary>False: the destination refuses every batch.</summary>
    public bool DestinationWorks { get; init; } = true;

    /// <summary>Checkpoints to begin from, by shard index.</summary>
    public IReadOnlyDictionary<int, ShardCheckpoint> Checkpoints { get; init; } = new Dictionary<int, ShardCheckpoint>();
}
