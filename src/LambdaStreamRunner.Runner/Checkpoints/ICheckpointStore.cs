using LambdaStreamRunner.Core.Mappings.Ordering;

namespace LambdaStreamRunner.Runner.Checkpoints;

/// <summary>Keeps how far each shard of each mapping is settled.</summary>
public interface ICheckpointStore
{
    /// <summary>The last checkpoint saved; null when there is none.</summary>
    ValueTask<ShardCheckpoint?> LoadAsync(CheckpointKey key, CancellationToken cancellation);

    /// <summary>Keeps a checkpoint; when the task ends well, it is safe.</summary>
    ValueTask SaveAsync(CheckpointKey key, ShardCheckpoint checkpoint, CancellationToken cancellation);

    /// <summary>Forgets all checkpoints of a mapping: the next one of that UUID starts over from its StartingPosition.</summary>
    ValueTask DeleteAsync(string mapping, CancellationToken cancellation);
}

/// <summary>Whose checkpoint it is.</summary>
/// <param name="Mapping">The mapping's UUID.</param>
/// <param name="ShardId">The shard.</param>
/// <param name="StreamCreatedMilliseconds">Tells a stream from an earlier one of its name.</param>
public readonly record struct CheckpointKey(string Mapping, string ShardId, long StreamCreatedMilliseconds = 0);
