using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>A stream of this process: its shards are always known, and its records are read where they lie.</summary>
/// <param name="stream">The stream; it stays this one when it is deleted and another one has its name.</param>
/// <param name="consumerArn">The consumer with enhanced fan-out that reads; null for a standard iterator.</param>
public sealed class EmbeddedStreamSource(EmbeddedStream stream, string? consumerArn = null) : IStreamSource
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private ImmutableArray<Shard> _listed = [];               // what the shards below were made of
    private ImmutableArray<SourceShard> _shards = [];

    /// <inheritdoc/>
    public DateTimeOffset Created => stream.Records.Created;

    /// <inheritdoc/>
    public TimeSpan Retention => stream.Records.Retention;

    /// <inheritdoc/>
    public ImmutableArray<SourceShard> Shards
    {
        get
        {
            ImmutableArray<Shard> listed = stream.ListShards();
            lock (_gate)
            {
                if (listed != _listed)
                    (_listed, _shards) = (listed, [.. listed.Select(SourceShardOf)]);
                return _shards;
            }
        }
    }

    /// <inheritdoc/>
    public int OpenShardCount => stream.Records.OpenShardCount;

    /// <inheritdoc/>
    public Task Gone => _gone.Task;

    /// <inheritdoc/>
    public TimeSpan? DiscoveryInterval => null;

    /// <inheritdoc/>
    public ValueTask DiscoverAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public IShardReader OpenReader(SourceShard shard)
    {
        var records = new EmbeddedShardReader(stream, ShardOf(shard), onGone: () => _gone.TrySetResult());
        return consumerArn is null ? records : new ConsumerReader(records, stream, consumerArn);
    }

    /// <inheritdoc/>
    public ShardPosition Latest(SourceShard shard) => ShardOf(shard).Resolve(ShardPosition.Latest);

    /// <inheritdoc/>
    public long CountRecords(SourceShard shard) => stream.CountFrom(new ShardReader(ShardOf(shard)), ShardPosition.TrimHorizon);

    private static SourceShard SourceShardOf(Shard shard) => new(shard.Id, shard.HashKeyRange, shard.Parent?.Id, shard.AdjacentParent?.Id);

    private Shard ShardOf(SourceShard shard) =>
        ShardId.TryParse(shard.Id, out int index) ? stream.Records.Shards[index] : throw new ArgumentException($"'{shard.Id}' is no shard of '{stream.Name}'.", nameof(shard));
}
