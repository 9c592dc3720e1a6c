using System.Text;
using LambdaStreamRunner.Core.Streams;

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
        return Put(key, data, explicitHashKey);
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

    internal PutResult Put(ReadOnlySpan<byte> keyUtf8, ReadOnlySpan<byte> data, UInt128? explicitHashKey)
    {
        UInt128 keyHash = HashKeyRange.HashOf(keyUtf8);
        EmbeddedShard shard = _shards[Records.ShardFor(explicitHashKey ?? keyHash).Index];
        DateTimeOffset now = _streams.Time.GetUtcNow();
        long bytes = keyUtf8.Length + data.Length + Shard.RecordOverhead;
        _streams.Memory.Take(bytes);
        SequenceNumber number;
        lock (shard.Gate)
        {
            if (IsGone)
                throw Refuse(bytes);
            _streams.Memory.GiveBack(shard.Shard.Trim(now));
            number = shard.Shard.Append(keyUtf8, data, keyHash, now);
        }
        shard.Announce();
        return new PutResult(shard.Shard, number);
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
            shard.Announce();
        }
    }

    internal static void CheckRecordBytes(int bytes)
    {
        if (bytes > RecordBytesMax)
            throw KinesisException.InvalidArgument($"Record size (data + partition key) of {bytes} bytes exceeds the maximum of {RecordBytesMax} bytes.");
    }

    private bool IsGone => _status is StreamStatus.Deleting;

    private KinesisException Refuse(long bytesTaken)
    {
        _streams.Memory.GiveBack(bytesTaken);
        return KinesisException.StreamNotFound(Name, Account);
    }

    private void ThrowIfDeleted()
    {
        if (IsGone)
            throw KinesisException.StreamNotFound(Name, Account);
    }
}
