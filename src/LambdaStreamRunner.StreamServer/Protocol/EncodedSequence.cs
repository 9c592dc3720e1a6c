using System.Buffers.Binary;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>What a sequence number that a client sent says of itself, in any of the formats Kinesis has had (reference 3.2).</summary>
/// <param name="Version">0, 1, or 2 (the one in use).</param>
/// <param name="ShardCreatedSeconds">Epoch second in which the shard was created.</param>
/// <param name="ShardIndex">The shard it belongs to.</param>
/// <param name="RecordSeconds">Epoch second of the record; 0 in version 0, which has none.</param>
internal sealed record EncodedSequence(int Version, long ShardCreatedSeconds, int ShardIndex, long RecordSeconds)
{
    private const long CreatedSecondsEnd = 16_025_175_000;
    private static readonly UInt128 Version0Bit = UInt128.One << 124;
    private static readonly SequenceNumber Version0End = new(0, 2, 0);                        // 2^129
    private static readonly SequenceNumber Start = new(1UL << 57, 0, 0);                      // 2^185
    private static readonly SequenceNumber End = new(3UL << 56, 0, 0);                        // 1.5 × 2^185

    /// <summary>Reads a number; null when no version of the format has such a one.</summary>
    public static EncodedSequence? Decode(string text)
    {
        if (!SequenceNumber.TryParse(text, out SequenceNumber number))
            return null;
        if (number < Version0End)
            return DecodeVersion0(number);
        if (number <= Start || number >= End)
            return null;

        Span<byte> bits = stackalloc byte[SequenceNumber.ByteLength];
        number.WriteBytes(bits);
        ulong middle = BinaryPrimitives.ReadUInt64BigEndian(bits[8..]);
        return (bits[^1] & 0xF) switch
        {
            2 when number.Index <= long.MaxValue && number.ShardIndex >= 0 =>
                new EncodedSequence(2, number.ShardCreatedSeconds, number.ShardIndex, number.RecordSeconds),
            1 => new EncodedSequence(1, number.ShardCreatedSeconds, number.ShardIndex, RecordSecondsOfVersion1(number, middle)),
            _ => null,
        };
    }

    /// <summary>True, with the number, when a stream of today could have given it to this shard.</summary>
    public bool IsOf(Shard shard) => Version == 2 && ShardCreatedSeconds == shard.StartingSequenceNumber.ShardCreatedSeconds;

    private static EncodedSequence? DecodeVersion0(SequenceNumber number)
    {
        Span<byte> bits = stackalloc byte[SequenceNumber.ByteLength];
        number.WriteBytes(bits);
        UInt128 value = BinaryPrimitives.ReadUInt128BigEndian(bits[8..]);
        if (value < Version0Bit && bits[7] == 0)
            value += Version0Bit;
        long created = (long)(ulong)((value >> 88) & 0xF_FFFF_FFFF);
        return created >= CreatedSecondsEnd ? null : new EncodedSequence(0, created, (int)(ulong)(value & 0xFFFF), 0);
    }

    /// <summary>Hexadecimal digits 13 to 21 of 47: bits 100 to 135.</summary>
    private static long RecordSecondsOfVersion1(SequenceNumber number, ulong middle)
    {
        ulong high = number.Index >> 48;                      // bits 128 to 143
        return (long)(((high & 0xFF) << 28) | (middle >> 36));
    }
}
