namespace LambdaStreamRunner.Core.Streams;

/// <summary>What must be known of a shard to go on with it in another process.</summary>
/// <param name="HashKeyRange">The hash keys that go there.</param>
/// <param name="CreatedSeconds">Epoch second of its creation: the first part of its numbers.</param>
/// <param name="ParentIndex">The shard that was split, or the first of two that were merged.</param>
/// <param name="AdjacentParentIndex">The second of two that were merged.</param>
/// <param name="EndingSequenceNumber">Of a closed shard.</param>
/// <param name="Tail">Where it stood.</param>
public sealed record ShardState(
    HashKeyRange HashKeyRange, long CreatedSeconds, int? ParentIndex, int? AdjacentParentIndex, SequenceNumber? EndingSequenceNumber, ShardTail Tail)
{
    /// <summary>A shard as it stands now.</summary>
    public static ShardState Of(Shard shard) => new(
        shard.HashKeyRange, shard.StartingSequenceNumber.ShardCreatedSeconds, shard.Parent?.Index, shard.AdjacentParent?.Index,
        shard.EndingSequenceNumber, default);
}

/// <summary>Where a shard stood when its records were kept.</summary>
/// <param name="RecordCount">Records that were ever put there.</param>
/// <param name="LastIndex">The running index in the newest record's number; 0 when there never was one.</param>
/// <param name="LastArrivalMilliseconds">When the newest record arrived.</param>
public readonly record struct ShardTail(long RecordCount, ulong LastIndex, long LastArrivalMilliseconds);
