using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>Reads for a consumer with enhanced fan-out, as long as it is registered.</summary>
public sealed class ConsumerReader(IShardReader inner, EmbeddedStream stream, string consumerArn) : IShardReader
{
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The consumer is not registered, or not yet ACTIVE.</exception>
    public async ValueTask<ShardReadResult> ReadAsync(ShardDecision.ReadRecords request, CancellationToken stopping)
    {
        RequireConsumer();
        ShardReadResult read = await inner.ReadAsync(request, stopping);
        RequireConsumer();                                    // it may have waited long
        return read;
    }

    /// <inheritdoc/>
    public bool IsAtTip(ShardPosition position) => inner.IsAtTip(position);

    /// <inheritdoc/>
    public long CountFrom(ShardPosition position) => inner.CountFrom(position);

    private void RequireConsumer()
    {
        if (!stream.HasActiveConsumer(consumerArn))
            throw new InvalidOperationException($"the consumer {consumerArn} is not registered on stream '{stream.Name}', or not yet ACTIVE; register it, and give its new ARN to the mapping");
    }
}
