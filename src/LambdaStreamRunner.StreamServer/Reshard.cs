using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer;

/// <summary>A change of shards that was asked for; it happens when the stream's transition ends.</summary>
/// <remarks>Data, not code, so that a transition outlives the process.</remarks>
[JsonDerivedType(typeof(Split), nameof(Split))]
[JsonDerivedType(typeof(Merge), nameof(Merge))]
[JsonDerivedType(typeof(Update), nameof(Update))]
[JsonDerivedType(typeof(SplitEach), nameof(SplitEach))]
public abstract record Reshard
{
    private Reshard()
    {
    }

    internal abstract void Apply(InMemoryStream stream, DateTimeOffset now);

    /// <summary>SplitShard.</summary>
    public sealed record Split(int ShardIndex, UInt128 NewStartingHashKey) : Reshard
    {
        internal override void Apply(InMemoryStream stream, DateTimeOffset now) => stream.Split(stream.Shards[ShardIndex], NewStartingHashKey, now);
    }

    /// <summary>MergeShards.</summary>
    public sealed record Merge(int ShardIndex, int AdjacentShardIndex) : Reshard
    {
        internal override void Apply(InMemoryStream stream, DateTimeOffset now) =>
            stream.Merge(stream.Shards[ShardIndex], stream.Shards[AdjacentShardIndex], now);
    }

    /// <summary>UpdateShardCount.</summary>
    public sealed record Update(int TargetShardCount) : Reshard
    {
        internal override void Apply(InMemoryStream stream, DateTimeOffset now) => stream.UpdateShardCount(TargetShardCount, now);
    }

    /// <summary>What the load makes of a stream in ON_DEMAND mode: each of these shards is halved.</summary>
    public sealed record SplitEach(ImmutableArray<int> ShardIndexes) : Reshard
    {
        internal override void Apply(InMemoryStream stream, DateTimeOffset now) => stream.SplitEach(ShardIndexes, now);
    }
}

/// <summary>A stream on its way from one state to the next.</summary>
/// <param name="Status">CREATING, UPDATING or DELETING.</param>
/// <param name="Due">When it ends.</param>
/// <param name="Reshard">What UPDATING does to the shards; null when nothing.</param>
public sealed record Transition(StreamStatus Status, DateTimeOffset Due, Reshard? Reshard = null);
