using System.Collections.Immutable;
using System.Text;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Host.Producing;

/// <summary>Which open shard a partition key goes to.</summary>
internal sealed class ShardMap
{
    private readonly ImmutableArray<OpenShard> _shards;

    private ShardMap(ImmutableArray<OpenShard> shards) => _shards = shards;

    /// <summary>The map of these shards; null when they do not cover every key exactly once.</summary>
    public static ShardMap? Of(IEnumerable<OpenShard> shards)
    {
        ImmutableArray<OpenShard> sorted = [.. shards.OrderBy(shard => shard.StartingHashKey)];
        if (sorted.IsEmpty || sorted[0].StartingHashKey != 0 || sorted[^1].EndingHashKey != UInt128.MaxValue)
            return null;
        bool isGapless = sorted.Zip(sorted.Skip(1)).All(pair => pair.First.EndingHashKey + 1 == pair.Second.StartingHashKey);
        return isGapless && sorted.All(shard => shard.StartingHashKey <= shard.EndingHashKey) ? new ShardMap(sorted) : null;
    }

    /// <summary>The shard of a key, by the MD5 of its UTF-8 bytes.</summary>
    public string ShardOf(string partitionKey)
    {
        UInt128 hash = HashKeyRange.HashOf(Encoding.UTF8.GetBytes(partitionKey));
        (int low, int high) = (0, _shards.Length - 1);
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_shards[middle].StartingHashKey <= hash)
                low = middle;
            else
                high = middle - 1;
        }
        return _shards[low].ShardId;
    }

    public bool IsSameAs(ShardMap other) => _shards.SequenceEqual(other._shards);

    /// <summary>A shard that takes records; both ends of the range belong to it.</summary>
    public readonly record struct OpenShard(string ShardId, UInt128 StartingHashKey, UInt128 EndingHashKey);
}
