namespace LambdaStreamRunner.Benchmarks.Storing;

/// <summary>What a durable stream asks of an engine, no more: blocks in, in order; the oldest out.</summary>
internal abstract class StorageEngine : IDisposable
{
    /// <summary>Bytes of a block's key: stream, shard, first index.</summary>
    public const int KeyLength = 16;

    /// <summary>Opens what is in the folder, or begins there.</summary>
    public static StorageEngine Open(string name, string folder, bool synced) => name switch
    {
        "RocksDB" => new RocksEngine(folder, synced),
        "FASTER" => new FasterEngine(folder, synced),
        "SQLite" => new SqliteEngine(folder, synced),
        _ => throw new ArgumentException($"There is no engine '{name}'."),
    };

    /// <summary>Writes blocks, all or none; when it returns a kill -9 (synced: a power cut) loses none of them.</summary>
    public abstract void Append(IReadOnlyList<Block> blocks);

    /// <summary>Finds the newest block of a shard, as a restart does.</summary>
    public abstract long LastIndex(int shard);

    /// <summary>Drops the blocks below an index of all shards and gives their disk space back.</summary>
    public abstract void Trim(int shards, long below);

    public abstract void Dispose();
}

/// <summary>The records that one request put on one shard.</summary>
internal readonly record struct Block(int Shard, long Index, byte[] Content);
