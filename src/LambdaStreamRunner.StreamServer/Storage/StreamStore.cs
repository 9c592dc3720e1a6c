using System.Security.Cryptography;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RocksDbSharp;

namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>Streams, and what belongs to them, in a folder. One process at a time has it.</summary>
public sealed class StreamStore : IDisposable
{
    private readonly StoreFolder _folder;
    private readonly Database _database;
    private readonly GroupCommit _commit;
    private uint _lastStream;
    private int _hasGarbage;                                  // 1 when something was deleted and its space not given back

    private StreamStore(StoreFolder folder, StorageOptions options, ILogger logger)
    {
        (_folder, Options) = (folder, options);
        _database = new Database(folder.DatabasePath, options.Durability, logger);
        _commit = new GroupCommit(_database, options.Durability);
    }

    /// <summary>Where, and how safely.</summary>
    public StorageOptions Options { get; }

    /// <summary>The whole path of the folder.</summary>
    public string Folder => _folder.Path;

    /// <summary>Opens the folder, or begins there.</summary>
    /// <exception cref="StorageException">It is in use, of a newer format, or cannot be written.</exception>
    public static StreamStore Open(StorageOptions options, ILogger? logger = null)
    {
        StoreFolder folder = StoreFolder.Take(options.Folder);
        try
        {
            return new StreamStore(folder, options, logger ?? NullLogger.Instance);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>What was kept under a name; null when nothing was.</summary>
    public byte[]? Find(string name) => _database.Get(StoreKeys.Entry(name));

    /// <summary>Keeps something under a name. It comes to the disk after all records that were put before.</summary>
    /// <exception cref="StorageException">In the task: it could not be written.</exception>
    public Task SaveAsync(string name, byte[] content) =>
        ChangeAsync(new PendingChange(batch => batch.Put(StoreKeys.Entry(name).AsSpan(), content.AsSpan())));

    /// <summary>Forgets everything whose name begins like this.</summary>
    /// <exception cref="StorageException">In the task: it could not be written.</exception>
    public Task DeleteAsync(string prefix) =>
        ChangeAsync(new PendingChange(batch => DeleteRange(batch, StoreKeys.Entry(prefix), StoreKeys.BehindEntries(prefix))));

    /// <summary>Writes what waits, and gives the folder free.</summary>
    public void Dispose()
    {
        _commit.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    /// <summary>The streams that are kept: their numbers here, and what was saved of them.</summary>
    internal IReadOnlyList<(uint Stream, byte[] Document)> LoadStreams()
    {
        List<(uint Stream, byte[] Document)> streams = _database.Scan(iterator =>
        {
            var found = new List<(uint Stream, byte[] Document)>();
            for (iterator.Seek(StoreKeys.Stream(0)); iterator.Valid() && StoreKeys.TryReadStream(iterator.GetKeySpan(), out uint stream); iterator.Next())
                found.Add((stream, iterator.Value()));
            return found;
        });
        _lastStream = streams.Count == 0 ? 0 : streams[^1].Stream;
        return streams;
    }

    /// <summary>Where shards stand; one that never had a record is not among them.</summary>
    internal Dictionary<ShardKey, ShardTail> TailsOf(IEnumerable<ShardKey> shards) => _database.Scan(iterator =>
    {
        var tails = new Dictionary<ShardKey, ShardTail>();
        foreach (ShardKey shard in shards)
        {
            if (ReaderOf(shard).FindTail(iterator) is { } tail)
                tails.Add(shard, tail);
        }
        return tails;
    });

    /// <summary>A number for a new stream.</summary>
    internal uint NewStream() => Interlocked.Increment(ref _lastStream);

    /// <summary>Keeps what is known of a stream. What is put afterwards comes to the disk after it, also when it fails at first.</summary>
    internal Task SaveStreamAsync(uint stream, byte[] document) =>
        ChangeAsync(new PendingChange(batch => batch.Put(StoreKeys.Stream(stream).AsSpan(), document.AsSpan()), $"stream {stream}"));

    /// <summary>Forgets a stream and its records.</summary>
    internal Task DeleteStreamAsync(uint stream)
    {
        Volatile.Write(ref _hasGarbage, 1);
        return ChangeAsync(new PendingChange(
            batch =>
            {
                batch.Delete(StoreKeys.Stream(stream).AsSpan());
                DeleteRange(batch, StoreKeys.BlocksOf(stream), StoreKeys.BlocksOf(stream + 1));
                DeleteRange(batch, StoreKeys.TailsOf(stream), StoreKeys.TailsOf(stream + 1));
            },
            $"stream {stream}"));
    }

    /// <summary>Deletes a shard's blocks that are past retention.</summary>
    internal async Task TrimAsync(ShardKey key, long expiredArrival)
    {
        if (ReaderOf(key).FindExpired(expiredArrival) is not { } expired)
            return;
        await ChangeAsync(new PendingChange(batch =>
        {
            DeleteRange(batch, StoreKeys.Block(key, 0), StoreKeys.Block(key, expired.EndIndex));
            if (expired.Tail is { } tail)
                batch.Put(StoreKeys.Tail(key).AsSpan(), TailNote.Write(tail).AsSpan());
        }));
        Volatile.Write(ref _hasGarbage, 1);
    }

    /// <summary>Gives disk space of what was trimmed or deleted back. Takes its time, if there is any.</summary>
    internal void Reclaim()
    {
        if (Interlocked.Exchange(ref _hasGarbage, 0) == 1)
            _database.Reclaim();
    }

    /// <summary>The key of the seal of tokens, so that iterators outlive the process.</summary>
    internal byte[] TokenKey()
    {
        const string Name = "token key";
        if (Find(Name) is { Length: TokenSeal.KeyLength } kept)
            return kept;
        byte[] key = RandomNumberGenerator.GetBytes(TokenSeal.KeyLength);
        SaveAsync(Name, key).GetAwaiter().GetResult();
        return key;
    }

    /// <summary>Adds to what is written with the next <see cref="WriteWaiting"/>.</summary>
    internal void Add(PendingWrite write) => _commit.Add(write);

    /// <summary>Has written what waits, here or elsewhere. Outside any shard's gate.</summary>
    internal void WriteWaiting() => _commit.WriteWaiting();

    internal StoredRecords ReaderOf(ShardKey key) => new(_database, key);

    private static void DeleteRange(WriteBatch batch, byte[] first, byte[] end) =>
        batch.DeleteRange(first, (ulong)first.Length, end, (ulong)end.Length);

    private Task ChangeAsync(PendingChange change)
    {
        _commit.Add(change);
        _commit.Wake();
        return change.Task;
    }
}
