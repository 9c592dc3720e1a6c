using System.Text;
using LambdaStreamRunner.Core.Contracts;

namespace LambdaStreamRunner.Core.Streams;

/// <summary>One record of a shard: position, hash of its key, arrival, and where its bytes lie.</summary>
/// <remarks>
/// Key and data are neighbours in one slice of memory that belongs to the stream (its arena): copying a record never
/// copies bytes. What many places need and is costly to find (hash, length in the event) is computed once, where the
/// record enters.
/// </remarks>
public readonly struct StreamRecord
{
    private readonly byte[] _memory;
    private readonly int _offset;
    private readonly int _keyLength;
    private readonly int _dataLength;

    /// <summary>A record whose key and data already lie, one after the other, in <paramref name="memory"/>.</summary>
    public StreamRecord(
        SequenceNumber sequenceNumber, UInt128 keyHash, long arrivalMilliseconds, byte[] memory, int offset, int keyLength, int dataLength)
    {
        SequenceNumber = sequenceNumber;
        KeyHash = keyHash;
        ArrivalMilliseconds = arrivalMilliseconds;
        _memory = memory;
        _offset = offset;
        _keyLength = keyLength;
        _dataLength = dataLength;
        EventLength = KinesisEventFormat.VariableLength(Key, dataLength, arrivalMilliseconds);
    }

    /// <summary>Position in the shard.</summary>
    public SequenceNumber SequenceNumber { get; }

    /// <summary>MD5 of the partition key. Never the explicit hash key: that routes a record to its shard and is not kept.</summary>
    public UInt128 KeyHash { get; }

    /// <summary>ApproximateArrivalTimestamp in milliseconds since the epoch.</summary>
    public long ArrivalMilliseconds { get; }

    /// <summary>Bytes that this record's own values take in the event JSON; see <see cref="KinesisEventFormat"/>.</summary>
    public int EventLength { get; }

    /// <summary>ApproximateArrivalTimestamp.</summary>
    public DateTimeOffset Arrival => DateTimeOffset.FromUnixTimeMilliseconds(ArrivalMilliseconds);

    /// <summary>The partition key in UTF-8.</summary>
    public ReadOnlySpan<byte> Key => _memory.AsSpan(_offset, _keyLength);

    /// <summary>The partition key.</summary>
    public string PartitionKey => Encoding.UTF8.GetString(Key);

    /// <summary>The payload.</summary>
    public ReadOnlyMemory<byte> Data => _memory.AsMemory(_offset + _keyLength, _dataLength);

    /// <summary>Bytes of the payload.</summary>
    public int DataLength => _dataLength;

    /// <summary>Bytes that count against limits of Kinesis and the read-ahead: key and payload.</summary>
    public int RawLength => _keyLength + _dataLength;

    /// <summary>A record with memory of its own, for tests, simulations and readers of remote streams.</summary>
    public static StreamRecord Create(string partitionKey, ReadOnlySpan<byte> data, SequenceNumber sequenceNumber, DateTimeOffset arrival)
    {
        int keyLength = Encoding.UTF8.GetByteCount(partitionKey);
        byte[] memory = new byte[keyLength + data.Length];
        Encoding.UTF8.GetBytes(partitionKey, memory);
        data.CopyTo(memory.AsSpan(keyLength));
        UInt128 hash = HashKeyRange.HashOf(memory.AsSpan(0, keyLength));
        return new StreamRecord(sequenceNumber, hash, arrival.ToUnixTimeMilliseconds(), memory, 0, keyLength, data.Length);
    }

    /// <summary>Sequence number and key, for people.</summary>
    public override string ToString() => $"{PartitionKey} {SequenceNumber}";
}
