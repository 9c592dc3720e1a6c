using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>One life of a stream that mappings read: from its creation until it is deleted. A new stream of its name is another one.</summary>
public interface IStreamSource
{
    /// <summary>When the stream was created: it tells a stream from an earlier one of its name.</summary>
    DateTimeOffset Created { get; }

    /// <summary>How long the stream keeps records.</summary>
    TimeSpan Retention { get; }

    /// <summary>The shards whose records are not all past retention, as far as is known, in the order of their ids: a parent before its children.</summary>
    ImmutableArray<SourceShard> Shards { get; }

    /// <summary>How many of the shards take records.</summary>
    int OpenShardCount { get; }

    /// <summary>Ends when the stream is known to be gone: what it had is lost.</summary>
    Task Gone { get; }

    /// <summary>How often somebody must look for new shards besides at the end of a shard; null when <see cref="Shards"/> is always right.</summary>
    TimeSpan? DiscoveryInterval { get; }

    /// <summary>Looks for new shards, and whether the stream is still there.</summary>
    /// <exception cref="ReadRefusedException">Nobody answers, or not well; what is known stays as it is.</exception>
    ValueTask DiscoverAsync(CancellationToken cancellation);

    /// <summary>Makes a reader for a shard.</summary>
    IShardReader OpenReader(SourceShard shard);

    /// <summary>The place that LATEST means on a shard now, as one that can be kept.</summary>
    ShardPosition Latest(SourceShard shard);

    /// <summary>How many records are on a shard that nobody has read; 0 when only reading would tell.</summary>
    long CountRecords(SourceShard shard);
}

/// <summary>A shard as a mapping must know it.</summary>
/// <param name="Id">For example shardId-000000000000.</param>
/// <param name="HashKeyRange">The hash keys that go there.</param>
/// <param name="ParentId">The shard that was split, or the first of two that were merged; null for none.</param>
/// <param name="AdjacentParentId">The second of two that were merged; null for none.</param>
public sealed record SourceShard(string Id, HashKeyRange HashKeyRange, string? ParentId, string? AdjacentParentId);

/// <summary>A read or a look that was refused; it is tried again.</summary>
/// <param name="message">Why, for people.</param>
/// <param name="inner">What went wrong underneath.</param>
public sealed class ReadRefusedException(string message, Exception? inner = null) : Exception(message, inner);
