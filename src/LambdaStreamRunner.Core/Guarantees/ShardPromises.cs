namespace LambdaStreamRunner.Core.Guarantees;

/// <summary>What a <see cref="ShardChecker"/> holds a shard to, and how much it may remember.</summary>
public sealed record ShardPromises
{
    /// <summary>The shard's id, for messages.</summary>
    public string ShardId { get; init; } = "shardId-000000000000";

    /// <summary>Most records in a batch; not checked by default.</summary>
    public int BatchSize { get; init; } = int.MaxValue;

    /// <summary>Most batches that run at the same time; not checked by default.</summary>
    public int ParallelizationFactor { get; init; } = int.MaxValue;

    /// <summary>Keys with records above the checkpoint that are remembered before the checker samples.</summary>
    /// <value>100,000 by default, about 15 MB when all are in use; at least 1.</value>
    public int OpenKeysMax { get; init; } = 100_000;
}
