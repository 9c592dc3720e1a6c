using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Storage;

namespace LambdaStreamRunner.StreamServer;

/// <summary>The gate of one shard: one writer at a time, and readers that wait for news.</summary>
internal sealed class EmbeddedShard(Shard shard)
{
    private TaskCompletionSource? _news;                      // there only while somebody waits

    public Shard Shard { get; } = shard;

    /// <summary>The shard's records on disk; null when the stream is in memory only.</summary>
    public StoredShard? Stored { get; set; }

    /// <summary>What was taken of AWS's limits. Under the gate.</summary>
    public ShardThroughput Throughput { get; } = new();

    /// <summary>Held while the shard is written.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Completes when something has happened to the shard since the call; ask, look, then await.</summary>
    public Task NewsAsync()
    {
        TaskCompletionSource? news = Volatile.Read(ref _news);
        if (news is null)
        {
            var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            news = Interlocked.CompareExchange(ref _news, fresh, null) ?? fresh;
        }
        return news.Task;
    }

    /// <summary>Wakes all who wait. To be called outside the gate, after the records are published and a full memory barrier.</summary>
    public void Announce()
    {
        if (Volatile.Read(ref _news) is not null)
            Interlocked.Exchange(ref _news, null)?.TrySetResult();
    }

    /// <summary>Gives memory of expired records back to the budget.</summary>
    public void Trim(DateTimeOffset now, MemoryBudget budget)
    {
        lock (Gate)
            budget.GiveBack(Shard.Trim(now));
    }
}
