using LambdaStreamRunner.Aggregation;

namespace LambdaStreamRunner.Host.Producing;

/// <summary>Collects records into aggregated ones: per shard, as KPL does, or per key where the shards are not known.</summary>
/// <remarks>Records of one key always go through one aggregate after the other, so their order stays.</remarks>
/// <param name="sizeMax">Most bytes of an aggregated record's data.</param>
/// <param name="order">Whether one shard's (or key's) aggregates are put one after the other.</param>
/// <param name="put">Takes what is full.</param>
internal sealed class Aggregates(int sizeMax, KeyOrder order, Action<PutEntry> put)
{
    /// <summary>Longest time a record waits for others: KPL's RecordMaxBufferedTime.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    /// <summary>Most aggregates that collect at once; then the oldest goes as it is.</summary>
    public const int OpenMax = 1000;

    /// <summary>Most bytes in all of them; then the oldest goes as it is.</summary>
    public const int BytesMax = 32 * 1024 * 1024;

    private readonly Dictionary<string, Open> _open = new(StringComparer.Ordinal);
    private readonly LinkedList<Open> _byAge = new();
    private long _bytes;

    /// <summary>Where keys go; null when that is not known. Changed only while nothing is collected.</summary>
    public ShardMap? Shards { get; set; }

    /// <summary>When the oldest must go; null when nothing is collected.</summary>
    public TimeSpan? NextDueAt => _byAge.First?.Value.Since + LongestWait;

    public void Add(string partitionKey, ReadOnlySpan<byte> data, TimeSpan now)
    {
        string? shard = Shards?.ShardOf(partitionKey);
        string name = shard ?? partitionKey;
        if (TryAdd(OpenOf(name, shard, now), partitionKey, data))
            return;
        Close(_open[name]);
        if (TryAdd(OpenOf(name, shard, now), partitionKey, data))
            return;
        Close(_open[name]);
        put(new PutEntry(partitionKey, data.ToArray(), GroupOf(name), expectedShard: shard));      // too large to share a record
    }

    /// <summary>Puts those that have waited long enough.</summary>
    public void CloseDue(TimeSpan now)
    {
        while (NextDueAt <= now)
            Close(_byAge.First!.Value);
    }

    public void CloseAll()
    {
        while (_byAge.First is { } oldest)
            Close(oldest.Value);
    }

    private bool TryAdd(Open open, string partitionKey, ReadOnlySpan<byte> data)
    {
        int before = open.Aggregator.Size;
        if (!open.Aggregator.TryAdd(partitionKey, data))
            return false;
        _bytes += open.Aggregator.Size - before;
        while (_bytes > BytesMax)
            Close(_byAge.First!.Value);
        return true;
    }

    private Open OpenOf(string name, string? shard, TimeSpan now)
    {
        if (_open.TryGetValue(name, out Open? open))
            return open;
        if (_open.Count == OpenMax)
            Close(_byAge.First!.Value);
        open = new Open(name, shard, now, new RecordAggregator(sizeMax));
        _open.Add(name, open);
        _byAge.AddLast(open);
        _bytes += open.Aggregator.Size;
        return open;
    }

    private void Close(Open open)
    {
        _bytes -= open.Aggregator.Size;
        _open.Remove(open.Name);
        _byAge.Remove(open);
        if (open.Aggregator.Take() is not { } blob)
            return;
        ReadOnlyMemory<byte> data = blob.UserRecordCount > 1 ? blob.Data : AggregatedRecord.Open(blob.PartitionKey, blob.Data)[0].Data;      // alone it needs no envelope
        put(new PutEntry(blob.PartitionKey, data, GroupOf(open.Name), blob.UserRecordCount, open.Shard));
    }

    private string? GroupOf(string name) => order is KeyOrder.Kept ? name : null;

    private sealed record Open(string Name, string? Shard, TimeSpan Since, RecordAggregator Aggregator);
}
