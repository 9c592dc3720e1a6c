using System.Collections.Immutable;

namespace LambdaStreamRunner.Core.Streams;

/// <summary>A Kinesis stream: shards that divide the hash space. Pure: time is an argument, and there are no locks.</summary>
/// <remarks>See <see cref="Shard"/> for who may write and who may read at the same time.</remarks>
public sealed class InMemoryStream
{
    private readonly Shard[] _open;

    /// <summary>A stream whose shards divide the hash space evenly, as a new stream of Kinesis does.</summary>
    /// <param name="shardCount">1 or more.</param>
    /// <param name="created">Its second is the first part of every sequence number.</param>
    /// <param name="retention">How long records stay readable; Kinesis takes 24 h (the default) to 8,760 h.</param>
    public InMemoryStream(int shardCount, DateTimeOffset created, TimeSpan? retention = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shardCount, 1);
        Created = created;
        Retention = retention ?? TimeSpan.FromHours(24);

        HashKeyRange[] ranges = HashKeyRange.Split(shardCount);
        var shards = new Shard[shardCount];
        SequenceIndex counter = new();
        for (int i = 0; i < shardCount; i++)
        {
            if (i > 0 && i % SequenceIndex.ShardsPerGroup == 0)
                counter = new SequenceIndex();
            shards[i] = new Shard(this, i, ranges[i], created.ToUnixTimeSeconds(), counter);
        }
        _open = shards;
        Shards = [.. shards];
    }

    /// <summary>When the stream was created.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>How long records stay readable.</summary>
    public TimeSpan Retention { get; }

    /// <summary>All shards by index, closed ones included.</summary>
    public ImmutableArray<Shard> Shards { get; }

    /// <summary>Shards that take records.</summary>
    public int OpenShardCount => _open.Length;

    /// <summary>Memory that the retained records of all shards take.</summary>
    public long RetainedBytes => Shards.Sum(shard => shard.RetainedBytes);

    /// <summary>The open shard that a record with this hash key goes to.</summary>
    public Shard ShardFor(UInt128 hashKey)
    {
        int low = 0;
        int high = _open.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (_open[middle].HashKeyRange.StartingHashKey <= hashKey)
                low = middle;
            else
                high = middle - 1;
        }
        return _open[low];
    }

    /// <summary>The shard with this index; null when the stream has none.</summary>
    public Shard? FindShard(int index) => (uint)index < (uint)Shards.Length ? Shards[index] : null;
}
