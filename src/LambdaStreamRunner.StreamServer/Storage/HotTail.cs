namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>The newest records of all streams, which stay in memory; the oldest of them go first. Belongs to the committer.</summary>
/// <param name="bytesMax">What they may take.</param>
/// <param name="memory">What they take.</param>
internal sealed class HotTail(long bytesMax, MemoryBudget memory)
{
    private const long RecordsPerEntryMax = 1024;

    private readonly Queue<(EmbeddedShard Shard, long End)> _order = new();
    private (EmbeddedShard? Shard, long First, long End) _newest;

    /// <summary>A shard has new records on disk, up to this ordinal.</summary>
    public void Add(EmbeddedShard shard, long end)
    {
        if (_newest.Shard != shard || end - _newest.First > RecordsPerEntryMax)
        {
            if (_newest.Shard is { } previous)
                _order.Enqueue((previous, _newest.End));
            _newest = (shard, end, end);
        }
        _newest.End = end;
        while (memory.Used > bytesMax && _order.TryDequeue(out (EmbeddedShard Shard, long End) oldest))
        {
            lock (oldest.Shard.Gate)
                memory.GiveBack(oldest.Shard.Shard.Evict(oldest.End));
        }
    }
}
