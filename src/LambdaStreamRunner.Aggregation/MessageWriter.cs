using System.Buffers;
using System.Text;

namespace LambdaStreamRunner.Aggregation;

/// <summary>Writes the fields of a protocol buffers message, and knows beforehand how many bytes they take.</summary>
internal static class MessageWriter
{
    public static int SizeOfVarint(ulong value)
    {
        int bytes = 1;
        for (; value >= 0x80; value >>= 7)
            bytes++;
        return bytes;
    }

    /// <summary>Bytes of a length and of what it measures.</summary>
    public static int SizeOfBytes(int length) => SizeOfVarint((ulong)length) + length;

    public static void WriteVarint(this IBufferWriter<byte> target, ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        int count = 0;
        for (; value >= 0x80; value >>= 7)
            bytes[count++] = (byte)(value | 0x80);
        bytes[count++] = (byte)value;
        target.Write(bytes[..count]);
    }

    public static void WriteBytes(this IBufferWriter<byte> target, ReadOnlySpan<byte> value)
    {
        target.WriteVarint((ulong)value.Length);
        target.Write(value);
    }

    public static void WriteString(this IBufferWriter<byte> target, string value)
    {
        target.WriteVarint((ulong)Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, target);
    }
}
