using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>One record of a put, and what became of it. Data in base64 is decoded only where it is going to stay.</summary>
internal struct PutEntry
{
    private bool _isBase64;

    /// <summary>The partition key in UTF-8.</summary>
    public ReadOnlyMemory<byte> Key { get; private set; }

    /// <summary>The data as it came: bytes, or their base64.</summary>
    public ReadOnlyMemory<byte> Source { get; private set; }

    /// <summary>Bytes of the data.</summary>
    public int DataLength { get; private set; }

    /// <summary>Chooses the shard instead of the key's hash.</summary>
    public UInt128? ExplicitHashKey { get; private set; }

    /// <summary>Where the record went; null while, and if, it went nowhere.</summary>
    public Shard? Shard { get; private set; }

    /// <summary>The number that it got.</summary>
    public SequenceNumber SequenceNumber { get; private set; }

    /// <summary>Why it was not put; null when it was.</summary>
    public KinesisException? Failure { get; private set; }

    /// <summary>Bytes that count: key and data.</summary>
    public readonly int RawLength => Key.Length + DataLength;

    public static PutEntry FromBase64(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> base64, int dataLength, UInt128? explicitHashKey) =>
        new() { Key = key, Source = base64, _isBase64 = true, DataLength = dataLength, ExplicitHashKey = explicitHashKey };

    public static PutEntry FromBytes(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> data, UInt128? explicitHashKey) =>
        new() { Key = key, Source = data, DataLength = data.Length, ExplicitHashKey = explicitHashKey };

    /// <summary>Writes the record into the shard; it is to be published yet. Under the shard's gate.</summary>
    public void AppendTo(Shard shard, UInt128 keyHash, DateTimeOffset now)
    {
        Span<byte> room = shard.Reserve(RawLength);
        Key.Span.CopyTo(room);
        CopyData(room[Key.Length..]);
        SequenceNumber = shard.Write(Key.Length, DataLength, keyHash, now);
        Shard = shard;
    }

    /// <summary>Says that the record was not put.</summary>
    public void Fail(KinesisException failure) => Failure = failure;

    private readonly void CopyData(Span<byte> room)
    {
        if (!_isBase64)
        {
            Source.Span.CopyTo(room);
            return;
        }
        OperationStatus decoded = Base64.DecodeFromUtf8(Source.Span, room, out _, out int written);
        Debug.Assert(decoded is OperationStatus.Done && written == DataLength, "The text was measured before.");
    }
}
