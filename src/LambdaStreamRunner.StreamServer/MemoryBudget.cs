namespace LambdaStreamRunner.StreamServer;

/// <summary>One bound on what the records of all streams hold in memory.</summary>
/// <param name="bytesMax">Keys, payloads, and the fixed cost of each record.</param>
/// <param name="trim">Gives back what is past retention, once the bound is met.</param>
internal sealed class MemoryBudget(long bytesMax, Action trim)
{
    private long _used;

    /// <summary>True when what is written need not stay in memory: then only a slow disk can use it up.</summary>
    public bool IsForUnwritten { get; init; }

    public long Used => Volatile.Read(ref _used);

    /// <summary>Takes bytes. To be called outside any gate, since it may trim every shard.</summary>
    /// <exception cref="KinesisException">They do not fit; nothing is taken.</exception>
    public void Take(long bytes)
    {
        if (TryTake(bytes))
            return;

        trim();
        if (!TryTake(bytes))
            throw IsForUnwritten ? KinesisException.DiskTooSlow(bytesMax) : KinesisException.MemoryExhausted(bytesMax);
    }

    public void GiveBack(long bytes)
    {
        if (bytes != 0)
            Interlocked.Add(ref _used, -bytes);
    }

    private bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= bytesMax)
            return true;
        Interlocked.Add(ref _used, -bytes);
        return false;
    }
}
