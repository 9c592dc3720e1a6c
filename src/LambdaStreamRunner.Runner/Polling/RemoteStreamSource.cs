using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Aws.Kinesis;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>A stream at a remote endpoint. What is known of its shards is as new as the last look.</summary>
internal sealed class RemoteStreamSource : IStreamSource
{
    /// <summary>How often somebody looks: after the end of a shard at once, besides so often (AWS was seen to hand over after about 8 s).</summary>
    public static readonly TimeSpan Discovery = TimeSpan.FromSeconds(10);

    private readonly KinesisStream _stream;
    private readonly string? _consumerArn;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ShardListing _listing;

    private RemoteStreamSource(KinesisStream stream, string? consumerArn, StreamDescription description, ShardListing listing, TimeProvider time) =>
        (_stream, _consumerArn, Created, Retention, _listing, _time) = (stream, consumerArn, description.Created, description.Retention, listing, time);

    /// <inheritdoc/>
    public DateTimeOffset Created { get; }

    /// <inheritdoc/>
    public TimeSpan Retention { get; }

    /// <inheritdoc/>
    public ImmutableArray<SourceShard> Shards => _listing.Shards;

    /// <inheritdoc/>
    public int OpenShardCount => _listing.OpenCount;

    /// <inheritdoc/>
    public Task Gone => _gone.Task;

    /// <inheritdoc/>
    public TimeSpan? DiscoveryInterval => Discovery;

    /// <summary>Finds the stream; null when there is none, or it is on its way in or out.</summary>
    /// <param name="stream">How it is called.</param>
    /// <param name="consumerArn">The consumer with enhanced fan-out that reads; null for a standard iterator.</param>
    /// <param name="time">Real time.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ReadRefusedException">Nobody answers, or not well.</exception>
    public static async Task<RemoteStreamSource?> FindAsync(KinesisStream stream, string? consumerArn, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            return await stream.DescribeAsync(cancellation) is { Status: "ACTIVE" or "UPDATING" } description
                ? new RemoteStreamSource(stream, consumerArn, description, await stream.ListShardsAsync(cancellation), time)
                : null;
        }
        catch (AwsException refused)
        {
            throw new ReadRefusedException(refused.Message, refused);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DiscoverAsync(CancellationToken cancellation)
    {
        try
        {
            if (await IsThereAsync(cancellation))
                _listing = await _stream.ListShardsAsync(cancellation);
        }
        catch (AwsException refused)
        {
            throw new ReadRefusedException(refused.Message, refused);
        }
    }

    /// <inheritdoc/>
    public IShardReader OpenReader(SourceShard shard)
    {
        var polling = new RemoteShardReader(_stream, shard.Id, _time, IsThereAsync);
        return _consumerArn is null ? polling : new SubscribedShardReader(_stream, _consumerArn, shard.Id, polling, _time, IsThereAsync);
    }

    /// <inheritdoc/>
    /// <remarks>Only records have numbers: what can be kept is the time.</remarks>
    public ShardPosition Latest(SourceShard shard) => ShardPosition.AtTimestamp(_time.GetUtcNow());

    /// <inheritdoc/>
    public long CountRecords(SourceShard shard) => 0;

    private async ValueTask<bool> IsThereAsync(CancellationToken cancellation)
    {
        StreamDescription? now = await _stream.DescribeAsync(cancellation);
        bool isThere = now is { Status: not "DELETING" } && now.Created == Created;
        if (!isThere)
            _gone.TrySetResult();
        return isThere;
    }
}
