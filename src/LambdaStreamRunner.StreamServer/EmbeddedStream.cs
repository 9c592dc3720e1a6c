using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer;

/// <summary>A stream that lives in this process: any number of producers and readers at the same time.</summary>
public sealed class EmbeddedStream
{
    /// <summary>Longest partition key, in characters (UTF-16 code units, as AWS's validation counts).</summary>
    public const int PartitionKeyCharactersMax = 256;

    /// <summary>Largest record, key and payload, in bytes (AWS: 1 MiB unless the stream is set to more).</summary>
    public const int RecordBytesMax = 1024 * 1024;

    private readonly EmbeddedShard[] _shards;                 // by index of the shard
    private readonly EmbeddedStreams _streams;
    private volatile StreamStatus _status = StreamStatus.Active;

    internal EmbeddedStream(string name, InMemoryStream records, EmbeddedStreams streams)
    {
        (Name, Records, _streams) = (name, records, streams);
        Arn = streams.ArnOf(name);
        _shards = [.. records.Shards.Select(shard => new EmbeddedShard(shard))];
    }

    /// <summary>Short name.</summary>
    public string Name { get; }

    /// <summary>For example <c>arn:aws:kinesis:us-east-1:000000000000:stream/clicks</c>.</summary>
    public string Arn { get; }

    /// <summary>The 12 digits in the ARN.</summary>
    public string Account => _streams.Options.Account;

    /// <summary>Where the stream is in its life.</summary>
    public StreamStatus Status => _status;

    /// <summary>The shards and their records. Read freely; write only through this class.</summary>
    public InMemoryStream Records { get; }

    /// <summary>Puts one record.</summary>
    /// <param name="partitionKey">1 to 256 characters.</param>
    /// <param name="data">With the key's UTF-8 at most 1 MiB; may be empty.</param>
    /// <param name="explicitHashKey">Chooses the shard instead of the key's MD5; the key's own hash stays what orders it.</param>
    /// <exception cref="KinesisException">The record breaks a limit, the stream is gone, or memory is used up.</exception>
    public PutResult Put(string partitionKey, ReadOnlySpan<byte> data, UInt128? explicitHashKey = null)
    {
        if (partitionKey.Length is 0 or > PartitionKeyCharactersMax)
            throw KinesisException.InvalidArgument($"A partition key has 1 to {PartitionKeyCharactersMax} characters; this one has {partitionKey.Length}.");

        Span<byte> key = stackalloc byte[PartitionKeyCharactersMax * 3];
        key = key[..Encoding.UTF8.GetBytes(partitionKey, key)];
        CheckRecordBytes(key.Length + data.Length);
        long memory = TakeMemory(1, key.Length + data.Length);
        try
        {
            return Put(key, data, explicitHashKey, ref memory);
        }
        finally
        {
            GiveBackMemory(memory);
        }
    }

    /// <summary>Waits until a read from this position would return a record, or the shard has ended.</summary>
    /// <remarks>Give LATEST only after <see cref="Shard.Resolve"/>: it would move with every record.</remarks>
    public async ValueTask WaitForRecordsAsync(ShardReader reader, ShardPosition from, CancellationToken cancellation)
    {
        EmbeddedShard shard = _shards[reader.Shard.Index];
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            Task news = shard.NewsAsync();                    // before looking: what happens after it completes the task
            ThrowIfDeleted();
            if (reader.HasNews(from, _streams.Time.GetUtcNow()))
                return;
            await news.WaitAsync(cancellation);
        }
    }

    /// <summary>Reads what is there now.</summary>
    /// <exception cref="KinesisException">The stream is gone.</exception>
    public ShardRead Read(ShardReader reader, ShardPosition from, int limit)
    {
        ThrowIfDeleted();
        return reader.Read(from, limit, _streams.Time.GetUtcNow());
    }

    /// <summary>Reads, and waits first when there is nothing.</summary>
    public async ValueTask<ShardRead> ReadAsync(ShardReader reader, ShardPosition from, int limit, CancellationToken cancellation)
    {
        ShardRead read = Read(reader, from, limit);
        while (read.Records.IsEmpty && !read.EndOfShard)
        {
            await WaitForRecordsAsync(reader, read.Next, cancellation);
            read = Read(reader, read.Next, limit);
        }
        return read;
    }

    /// <summary>Takes memory for records that will be put; what is left of it at the end must be given back.</summary>
    /// <exception cref="KinesisException">There is not enough.</exception>
    internal long TakeMemory(int records, long rawLength)
    {
        long bytes = rawLength + ((long)records * Shard.RecordOverhead);
        _streams.Memory.Take(bytes);
        return bytes;
    }

    /// <summary>Gives back what <see cref="TakeMemory"/> took and no record used.</summary>
    internal void GiveBackMemory(long bytes) => _streams.Memory.GiveBack(bytes);

    /// <summary>Puts a record whose memory is taken, and takes its share off that.</summary>
    internal PutResult Put(ReadOnlySpan<byte> keyUtf8, ReadOnlySpan<byte> data, UInt128? explicitHashKey, ref long memory)
    {
        UInt128 keyHash = HashKeyRange.HashOf(keyUtf8);
        EmbeddedShard shard = ShardFor(explicitHashKey ?? keyHash);
        DateTimeOffset now = _streams.Time.GetUtcNow();
        SequenceNumber number;
        lock (shard.Gate)
        {
            PrepareWrite(shard, now);
            number = shard.Shard.Append(keyUtf8, data, keyHash, now);
        }
        memory -= keyUtf8.Length + data.Length + Shard.RecordOverhead;
        Interlocked.MemoryBarrier();                          // publish first, then look for waiters: no wake-up is lost
        shard.Announce();
        return new PutResult(shard.Shard, number);
    }

    /// <summary>Puts all records of a request; readers are woken when all are there.</summary>
    internal void Put(PutReader reader, PooledWriter answer, Action<PooledWriter, bool, Shard, SequenceNumber> writeResult)
    {
        Span<PutEntry> entries = reader.Entries;
        DateTimeOffset now = _streams.Time.GetUtcNow();
        long memory = TakeMemory(entries.Length, reader.RawLength);
        int done = 0;
        try
        {
            foreach (ref PutEntry entry in entries)
            {
                SequenceNumber number = PutEncoded(ref entry, reader, now);
                memory -= entry.Key.Length + entry.DataLength + Shard.RecordOverhead;
                writeResult(answer, done++ == 0, entry.Shard!.Shard, number);
            }
        }
        finally
        {
            GiveBackMemory(memory);
            Interlocked.MemoryBarrier();                      // publish first, then look for waiters: no wake-up is lost
            foreach (ref PutEntry entry in entries[..done])
                entry.Shard!.Announce();
        }
    }

    internal void Trim(DateTimeOffset now)
    {
        foreach (EmbeddedShard shard in _shards)
            shard.Trim(now, _streams.Memory);
    }

    internal void Delete()
    {
        _status = StreamStatus.Deleting;
        foreach (EmbeddedShard shard in _shards)
        {
            lock (shard.Gate)
                _streams.Memory.GiveBack(shard.Shard.Drop());
            Interlocked.MemoryBarrier();
            shard.Announce();
        }
    }

    internal static void CheckRecordBytes(int bytes)
    {
        if (bytes > RecordBytesMax)
            throw KinesisException.InvalidArgument($"Record size (data + partition key) of {bytes} bytes exceeds the maximum of {RecordBytesMax} bytes.");
    }

    private bool IsGone => _status is StreamStatus.Deleting;

    private SequenceNumber PutEncoded(ref PutEntry entry, PutReader reader, DateTimeOffset now)
    {
        ReadOnlySpan<byte> key = reader.TextOf(entry.Key);
        UInt128 keyHash = HashKeyRange.HashOf(key);
        entry.Shard = ShardFor(entry.ExplicitHashKey ?? keyHash);
        lock (entry.Shard.Gate)
        {
            PrepareWrite(entry.Shard, now);
            Span<byte> room = entry.Shard.Shard.Reserve(key.Length + entry.DataLength);
            key.CopyTo(room);
            OperationStatus decoded = Base64.DecodeFromUtf8(reader.TextOf(entry.Base64), room[key.Length..], out _, out int written);
            Debug.Assert(decoded is OperationStatus.Done && written == entry.DataLength, "The text was measured before.");
            return entry.Shard.Shard.Commit(key.Length, entry.DataLength, keyHash, now);
        }
    }

    /// <summary>Under the gate: the last moment to see that the stream is gone, and the moment to forget what is too old.</summary>
    private void PrepareWrite(EmbeddedShard shard, DateTimeOffset now)
    {
        ThrowIfDeleted();
        _streams.Memory.GiveBack(shard.Shard.Trim(now));
    }

    private EmbeddedShard ShardFor(UInt128 hashKey) => _shards[Records.ShardFor(hashKey).Index];

    private void ThrowIfDeleted()
    {
        if (IsGone)
            throw KinesisException.StreamNotFound(Name, Account);
    }
}
