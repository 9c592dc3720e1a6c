using System.Security.Cryptography;

namespace LambdaStreamRunner.Aggregation;

/// <summary>The envelope: four bytes of magic, a protocol buffers message, and the MD5 of the message.</summary>
/// <remarks>
/// <see href="https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md"/>. The message:
/// <code>
/// message AggregatedRecord { repeated string partition_key_table = 1; repeated string explicit_hash_key_table = 2; repeated Record records = 3; }
/// message Record { required uint64 partition_key_index = 1; optional uint64 explicit_hash_key_index = 2; required bytes data = 3; repeated Tag tags = 4; }
/// </code>
/// </remarks>
internal static class AggregateFormat
{
    public const int Md5Bytes = MD5.HashSizeInBytes;

    /// <summary>Bytes around the message.</summary>
    public const int EnvelopeBytes = 4 + Md5Bytes;

    // A tag is the number of a field, shifted by three bits, and how its value is written.
    public const int PartitionKeyTable = (1 << 3) | (int)WireType.Bytes;
    public const int ExplicitHashKeyTable = (2 << 3) | (int)WireType.Bytes;
    public const int Records = (3 << 3) | (int)WireType.Bytes;
    public const int PartitionKeyIndex = (1 << 3) | (int)WireType.Varint;
    public const int ExplicitHashKeyIndex = (2 << 3) | (int)WireType.Varint;
    public const int Data = (3 << 3) | (int)WireType.Bytes;

    public static ReadOnlySpan<byte> Magic => [0xF3, 0x89, 0x9A, 0xC2];

    /// <summary>Finds the message; false when this is no aggregated record, or a damaged one.</summary>
    public static bool TryUnwrap(ReadOnlyMemory<byte> data, out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (data.Length <= EnvelopeBytes || !data.Span.StartsWith(Magic))
            return false;
        message = data[Magic.Length..^Md5Bytes];
        Span<byte> checksum = stackalloc byte[Md5Bytes];
        WriteChecksum(message.Span, checksum);
        return checksum.SequenceEqual(data.Span[^Md5Bytes..]);
    }

    public static void WriteChecksum(ReadOnlySpan<byte> message, Span<byte> target)
    {
#pragma warning disable CA5351 // The format's checksum against damage; nothing is protected with it.
        MD5.HashData(message, target);
#pragma warning restore CA5351
    }
}
