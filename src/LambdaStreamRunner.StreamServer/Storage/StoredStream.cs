namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>One stream's part of a store.</summary>
internal sealed class StoredStream(StreamStore store, uint number, HotTail hot, MemoryBudget memory)
{
    private volatile Task _saved = Task.CompletedTask;

    /// <summary>Ends when the last change is on disk.</summary>
    public Task Saved => _saved;

    /// <summary>Saves what is known of the stream; calls come one after the other.</summary>
    public void Save(StreamDocument document) => _saved = store.SaveStreamAsync(number, document.Write());

    /// <summary>Forgets the stream and its records.</summary>
    public void Delete() => _saved = store.DeleteStreamAsync(number);

    /// <summary>The way to the disk for a shard's records.</summary>
    public StoredShard Attach(EmbeddedShard gate) => new(gate, KeyOf(gate.Shard.Index), store, hot, memory);

    /// <summary>Has written what was handed over. Outside any shard's gate.</summary>
    public void WriteWaiting() => store.WriteWaiting();

    private ShardKey KeyOf(int shardIndex) => new(number, shardIndex);
}
