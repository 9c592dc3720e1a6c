using System.Buffers.Text;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Contracts;

/// <summary>Lengths of the event that a function receives, so that a batch can be closed before it is written.</summary>
/// <remarks>
/// An event is 14 bytes of envelope, its records, and commas between them. A record is a part that is fixed for a shard
/// of a mapping (names, ARNs, shard id) and the record's own values: escaped key, base64 data, its sequence number twice,
/// arrival time.
/// </remarks>
public static class KinesisEventFormat
{
    /// <summary>Largest event of a synchronous invocation, in bytes of UTF-8 (open question Q16: envelope included).</summary>
    public const int EventLengthMax = 6_291_456;

    /// <summary>Bytes of <c>{"Records":[]}</c>.</summary>
    public const int EnvelopeLength = 14;

    /// <summary>Bytes of a record's own values in the event.</summary>
    public static int VariableLength(ReadOnlySpan<byte> keyUtf8, int dataLength, long arrivalMilliseconds) =>
        EscapedLength(keyUtf8) + Base64.GetMaxEncodedToUtf8Length(dataLength) + (2 * SequenceNumber.Digits) + ArrivalLength(arrivalMilliseconds);

    /// <summary>Bytes of a text as a JSON string without its quotes: only quotes, backslashes and control characters are escaped.</summary>
    public static int EscapedLength(ReadOnlySpan<byte> utf8)
    {
        int length = utf8.Length;
        foreach (byte b in utf8)
        {
            if (b is (byte)'"' or (byte)'\\' or (byte)'\b' or (byte)'\f' or (byte)'\n' or (byte)'\r' or (byte)'\t')
                length += 1;
            else if (b < 0x20)
                length += 5;
        }
        return length;
    }

    /// <summary>Bytes of an arrival time: epoch seconds with at most three decimals, trailing zeros left out.</summary>
    public static int ArrivalLength(long arrivalMilliseconds)
    {
        (long seconds, long fraction) = Math.DivRem(arrivalMilliseconds, 1000);
        int decimals = fraction == 0 ? 0 : fraction % 100 == 0 ? 2 : fraction % 10 == 0 ? 3 : 4;
        return DigitsOf(seconds) + decimals;
    }

    private static int DigitsOf(long value)
    {
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10)
            digits++;
        return digits;
    }
}
