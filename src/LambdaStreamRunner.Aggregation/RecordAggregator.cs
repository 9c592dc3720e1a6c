using System.Buffers;

namespace LambdaStreamRunner.Aggregation;

/// <summary>Collects user records into one Kinesis record, as the Kinesis Producer Library (KPL) does.</summary>
/// <remarks>
/// The user records of one Kinesis record all go to its shard: collect only such that belong there, or whose consumer does
/// not mind. Not for several threads at once.
/// <code>
/// var aggregator = new RecordAggregator();
/// foreach ((string key, byte[] data) in records)
/// {
///     if (aggregator.TryAdd(key, data))
///         continue;
///     if (aggregator.Take() is { } full)
///         await PutAsync(full.PartitionKey, full.Data);
///     if (!aggregator.TryAdd(key, data))
///         await PutAsync(key, data);                       // too large to be aggregated at all
/// }
/// if (aggregator.Take() is { } rest)
///     await PutAsync(rest.PartitionKey, rest.Data);
/// </code>
/// </remarks>
public sealed class RecordAggregator
{
    /// <summary>KPL's AggregationMaxSize: 51,200 bytes.</summary>
    public const int DefaultSizeMax = 51_200;

    /// <summary>Smallest useful size: room for a short record.</summary>
    public const int SizeMinimum = 64;

    /// <summary>Room for the Kinesis record's own partition key, which counts as well: 256 characters of at most three bytes.</summary>
    public const int PartitionKeySlack = 768;

    /// <summary>Largest useful size: the 1 MiB of a Kinesis record less <see cref="PartitionKeySlack"/>.</summary>
    public const int SizeLimit = 1_048_576 - PartitionKeySlack;

    private readonly KeyTable _partitionKeys = new(AggregateFormat.PartitionKeyTable);
    private readonly KeyTable _explicitHashKeys = new(AggregateFormat.ExplicitHashKeyTable);
    private readonly ArrayBufferWriter<byte> _records = new();
    private (string PartitionKey, string? ExplicitHashKey) _first;

    /// <summary>An empty aggregator.</summary>
    /// <param name="sizeMax">Most bytes of the Kinesis record's data, <see cref="SizeMinimum"/> to <see cref="SizeLimit"/>.</param>
    public RecordAggregator(int sizeMax = DefaultSizeMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sizeMax, SizeMinimum);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizeMax, SizeLimit);
        SizeMax = sizeMax;
    }

    /// <summary>Most bytes of the Kinesis record's data.</summary>
    public int SizeMax { get; }

    /// <summary>User records collected.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of data that <see cref="Take"/> would give now.</summary>
    public int Size { get; private set; } = AggregateFormat.EnvelopeBytes;

    /// <summary>Bytes of data that there would be with one more record.</summary>
    public int SizeWith(string partitionKey, int dataLength, string? explicitHashKey = null)
    {
        int record = RecordSize(partitionKey, dataLength, explicitHashKey);
        long size = (long)Size + 1 + MessageWriter.SizeOfBytes(record) + _partitionKeys.GrowthFor(partitionKey)
            + (explicitHashKey is null ? 0 : _explicitHashKeys.GrowthFor(explicitHashKey));
        return (int)Math.Min(size, int.MaxValue);
    }

    /// <summary>Collects a record; its data is copied. False when it does not fit: take what there is, and put it alone when it does not fit into an empty aggregator either.</summary>
    /// <param name="partitionKey">1 to 256 characters, as Kinesis takes them; not checked here.</param>
    /// <param name="data">The payload; may be empty.</param>
    /// <param name="explicitHashKey">In decimal digits; null for none.</param>
    public bool TryAdd(string partitionKey, ReadOnlySpan<byte> data, string? explicitHashKey = null)
    {
        int sizeWith = data.Length > SizeMax ? int.MaxValue : SizeWith(partitionKey, data.Length, explicitHashKey);
        if (sizeWith > SizeMax)
            return false;
        if (Count == 0)
            _first = (partitionKey, explicitHashKey);
        WriteRecord(partitionKey, data, explicitHashKey);
        _partitionKeys.Add(partitionKey);
        if (explicitHashKey is not null)
            _explicitHashKeys.Add(explicitHashKey);
        Size = sizeWith;
        Count++;
        return true;
    }

    /// <summary>Gives what was collected, and starts anew; null when nothing was.</summary>
    public AggregatedBlob? Take()
    {
        if (Count == 0)
            return null;
        var blob = new ArrayBufferWriter<byte>(Size);
        blob.Write(AggregateFormat.Magic);
        _partitionKeys.WriteTo(blob);
        _explicitHashKeys.WriteTo(blob);
        blob.Write(_records.WrittenSpan);
        AggregateFormat.WriteChecksum(blob.WrittenSpan[AggregateFormat.Magic.Length..], blob.GetSpan(AggregateFormat.Md5Bytes));
        blob.Advance(AggregateFormat.Md5Bytes);

        var taken = new AggregatedBlob(_first.PartitionKey, _first.ExplicitHashKey, blob.WrittenMemory, Count);
        _partitionKeys.Clear();
        _explicitHashKeys.Clear();
        _records.ResetWrittenCount();
        (Count, Size, _first) = (0, AggregateFormat.EnvelopeBytes, default);
        return taken;
    }

    private int RecordSize(string partitionKey, int dataLength, string? explicitHashKey)
    {
        int keys = 1 + MessageWriter.SizeOfVarint((ulong)_partitionKeys.IndexOf(partitionKey));
        if (explicitHashKey is not null)
            keys += 1 + MessageWriter.SizeOfVarint((ulong)_explicitHashKeys.IndexOf(explicitHashKey));
        return keys + 1 + MessageWriter.SizeOfBytes(dataLength);
    }

    private void WriteRecord(string partitionKey, ReadOnlySpan<byte> data, string? explicitHashKey)
    {
        _records.WriteVarint(AggregateFormat.Records);
        _records.WriteVarint((ulong)RecordSize(partitionKey, data.Length, explicitHashKey));
        _records.WriteVarint(AggregateFormat.PartitionKeyIndex);
        _records.WriteVarint((ulong)_partitionKeys.IndexOf(partitionKey));
        if (explicitHashKey is not null)
        {
            _records.WriteVarint(AggregateFormat.ExplicitHashKeyIndex);
            _records.WriteVarint((ulong)_explicitHashKeys.IndexOf(explicitHashKey));
        }
        _records.WriteVarint(AggregateFormat.Data);
        _records.WriteBytes(data);
    }
}
