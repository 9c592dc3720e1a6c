using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace LambdaStreamRunner.StreamServer.Subscriptions;

/// <summary>Frames of <c>application/vnd.amazon.eventstream</c>: two lengths, a checksum over them, headers, payload, a checksum over all (Kinesis reference 7.1).</summary>
internal static class EventFrame
{
    /// <summary>Lengths and their checksum.</summary>
    public const int PreludeLength = 12;

    /// <summary>The checksum at the end.</summary>
    public const int ChecksumLength = 4;

    private const byte StringType = 7;

    /// <summary>Writes one frame.</summary>
    /// <param name="output">Takes the frame in one piece.</param>
    /// <param name="headers">Names and values in ASCII, names up to 255 characters.</param>
    /// <param name="payload">In the format that the headers say.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<(string Name, string Value)> headers, ReadOnlySpan<byte> payload)
    {
        int headersLength = 0;
        foreach ((string name, string value) in headers)
            headersLength += 1 + name.Length + 1 + 2 + value.Length;
        int length = PreludeLength + headersLength + payload.Length + ChecksumLength;

        Span<byte> frame = output.GetSpan(length)[..length];
        BinaryPrimitives.WriteInt32BigEndian(frame, length);
        BinaryPrimitives.WriteInt32BigEndian(frame[4..], headersLength);
        BinaryPrimitives.WriteUInt32BigEndian(frame[8..], Crc32.HashToUInt32(frame[..8]));
        int at = PreludeLength;
        foreach ((string name, string value) in headers)
            WriteHeader(frame, ref at, name, value);
        payload.CopyTo(frame[at..]);
        BinaryPrimitives.WriteUInt32BigEndian(frame[^ChecksumLength..], Crc32.HashToUInt32(frame[..^ChecksumLength]));
        output.Advance(length);
    }

    private static void WriteHeader(Span<byte> frame, ref int at, string name, string value)
    {
        frame[at++] = (byte)name.Length;
        at += Encoding.ASCII.GetBytes(name, frame[at..]);
        frame[at++] = StringType;
        BinaryPrimitives.WriteUInt16BigEndian(frame[at..], (ushort)value.Length);
        at += 2;
        at += Encoding.ASCII.GetBytes(value, frame[at..]);
    }
}
