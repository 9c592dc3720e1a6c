using System.Buffers.Binary;
using RocksDbSharp;

namespace LambdaStreamRunner.Benchmarks.Storing;

/// <summary>A key per block; large ones in blob files, which compaction does not rewrite.</summary>
internal sealed class RocksEngine : StorageEngine
{
    private const long RangeEnd = long.MaxValue;

    private readonly RocksDb _database;
    private readonly WriteOptions _write;

    public RocksEngine(string folder, bool synced)
    {
        DbOptions options = new DbOptions()
            .SetCreateIfMissing(true)
            .SetWriteBufferSize(16 << 20)
            .SetMaxWriteBufferNumber(3)
            .SetMaxOpenFiles(256)
            .SetCompression(Compression.No)
            .SetBlockBasedTableFactory(new BlockBasedTableOptions().SetBlockCache(Cache.CreateLru(8 << 20)));
        Native.Instance.rocksdb_options_set_enable_blob_files(options.Handle, 1);
        Native.Instance.rocksdb_options_set_min_blob_size(options.Handle, 4096);
        Native.Instance.rocksdb_options_set_blob_file_size(options.Handle, 64 << 20);
        _database = RocksDb.Open(options, folder);
        _write = new WriteOptions().SetSync(synced);
    }

    public override void Append(IReadOnlyList<Block> blocks)
    {
        using var batch = new WriteBatch();
        foreach (Block block in blocks)
            batch.Put(Key(block.Shard, block.Index).AsSpan(), block.Content.AsSpan());
        _database.Write(batch, _write);
    }

    public override long LastIndex(int shard)
    {
        using Iterator iterator = _database.NewIterator();
        iterator.SeekForPrev(Key(shard, RangeEnd));
        return BinaryPrimitives.ReadInt64BigEndian(iterator.GetKeySpan()[8..]);
    }

    public override void Trim(int shards, long below)
    {
        using var batch = new WriteBatch();
        for (int shard = 0; shard < shards; shard++)
            batch.DeleteRange(Key(shard, 0), KeyLength, Key(shard, below), KeyLength);
        _database.Write(batch, _write);
        _database.Flush(new FlushOptions().SetWaitForFlush(true));
        _database.CompactRange(Key(0, 0), Key(shards, 0));
    }

    public override void Dispose() => _database.Dispose();

    private static byte[] Key(int shard, long index)
    {
        byte[] key = new byte[KeyLength];
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(4), shard);
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(8), index);
        return key;
    }
}
