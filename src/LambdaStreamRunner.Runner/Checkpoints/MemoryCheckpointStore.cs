using System.Collections.Concurrent;
using LambdaStreamRunner.Core.Mappings.Ordering;

namespace LambdaStreamRunner.Runner.Checkpoints;

/// <summary>Keeps checkpoints as long as the process lives, like the embedded streams they belong to.</summary>
public sealed class MemoryCheckpointStore : ICheckpointStore
{
    private readonly ConcurrentDictionary<CheckpointKey, ShardCheckpoint> _checkpoints = new();

    /// <inheritdoc/>
    public ValueTask<ShardCheckpoint?> LoadAsync(CheckpointKey key, CancellationToken cancellation) =>
        ValueTask.FromResult(_checkpoints.GetValueOrDefault(key));

    /// <inheritdoc/>
    public ValueTask SaveAsync(CheckpointKey key, ShardCheckpoint checkpoint, CancellationToken cancellation)
    {
        _checkpoints[key] = checkpoint;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string mapping, CancellationToken cancellation)
    {
        foreach (CheckpointKey key in _checkpoints.Keys.Where(key => key.Mapping == mapping))
            _checkpoints.TryRemove(key, out _);
        return ValueTask.CompletedTask;
    }
}
