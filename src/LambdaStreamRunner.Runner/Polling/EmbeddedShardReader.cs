using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>Reads a shard of an embedded stream where its records lie: nothing is copied.</summary>
/// <remarks>It stays with this very stream: when that is deleted every read fails, also once another one has its name.</remarks>
/// <param name="stream">The stream.</param>
/// <param name="shard">The shard.</param>
/// <param name="onGone">Called when a read finds that the stream was deleted.</param>
public sealed class EmbeddedShardReader(EmbeddedStream stream, Shard shard, Action? onGone = null) : IShardReader
{
    private readonly ShardReader _main = new(shard);
    private readonly ShardReader _catchUp = new(shard);
    private readonly ShardReader _probe = new(shard);

    /// <inheritdoc/>
    public async ValueTask<ShardReadResult> ReadAsync(ShardDecision.ReadRecords request, CancellationToken stopping)
    {
        request = request with { From = request.From.BetweenRecords() };
        ShardReader reader = request.Cursor is ReadCursor.Main ? _main : _catchUp;
        try
        {
            ShardRead read = request.WaitForRecords
                ? await stream.ReadAsync(reader, request.From, request.Limit, stopping)
                : stream.Read(reader, request.From, request.Limit);
            return new ShardReadResult(read.Records, read.EndOfShard);
        }
        catch (KinesisException gone) when (stream.Status is StreamStatus.Deleting)
        {
            onGone?.Invoke();
            throw new ReadRefusedException($"stream '{stream.Name}' was deleted", gone);
        }
    }

    /// <inheritdoc/>
    public bool IsAtTip(ShardPosition position) => CountFrom(position) == 0;

    /// <inheritdoc/>
    public long CountFrom(ShardPosition position)
    {
        lock (_probe)                                         // asked by whoever waits for the mapping to drain
            return stream.CountFrom(_probe, position.BetweenRecords());
    }
}
