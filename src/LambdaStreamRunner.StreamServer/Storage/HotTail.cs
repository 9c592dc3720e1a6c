namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>The newest records of all streams, which stay in memory; the oldest of them go first. Belongs to the committer.</summary>
/// <param name="bytesMax">What they may take.</param>
/// <param name="memory">What they take.</param>
internal sealed class HotTail(long bytesMax, MemoryBudget memory)
{
    private readonly long _bytesPerEntryMax = Math.Min(64 << 10, bytesMax / 16);  // an entry costs little beside what it stands for
    private readonly Queue<(EmbeddedShard Shard, long End)> _order = new();
    private (EmbeddedShard? Shard, long End, long Bytes) _newest;

    /// <summary>A shard has new records on disk, up to this ordinal.</summary>
    public void Add(EmbeddedShard shard, long end, int bytes)
    {
        if (_newest.Shard is { } previous && (previous != shard || _newest.Bytes > _bytesPerEntryMax))
        {
            _order.Enqueue((previous, _newest.End));
            _newest = default;
        }
        _newest = (shard, end, _newest.Bytes + bytes);
        while (memory.Used > bytesMax && _order.TryDequeue(out (EmbeddedShard Shard, long End) oldest))
        {
            lock (oldest.Shard.Gate)
                memory.GiveBack(oldest.Shard.Shard.Evict(oldest.End));
        }
    }
}
