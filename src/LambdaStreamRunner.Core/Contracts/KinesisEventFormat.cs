using System.Buffers.Text;
using System.Globalization;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Windows;
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

    /// <summary>Bytes of an event without records, the members of a tumbling window included when there is one (open question Q28).</summary>
    internal static int EnvelopeLengthOf(ShardContext shard, TumblingWindow? window) =>
        window is null ? EnvelopeLength : EnvelopeLength + shard.FixedWindowLength + window.State.Length;

    /// <summary>Bytes of a record's own values in the event.</summary>
    public static int VariableLength(ReadOnlySpan<byte> keyUtf8, int dataLength, long arrivalMilliseconds) =>
        EscapedLength(keyUtf8) + Base64.GetMaxEncodedToUtf8Length(dataLength) + (2 * SequenceNumber.Digits) + ArrivalLength(arrivalMilliseconds);

    /// <summary>Bytes of a text as a JSON string without its quotes: only quotes, backslashes and control characters are escaped.</summary>
    public static int EscapedLength(ReadOnlySpan<byte> utf8) => JsonStringEscaping.Measure(utf8);

    /// <summary>Bytes of an arrival time: epoch seconds with at most three decimals, trailing zeros left out.</summary>
    public static int ArrivalLength(long arrivalMilliseconds)
    {
        (ulong seconds, ulong fraction) = Math.DivRem((ulong)Math.Abs(arrivalMilliseconds), 1000UL);
        int sign = arrivalMilliseconds < 0 ? 1 : 0;
        int decimals = fraction == 0 ? 0 : fraction % 100 == 0 ? 2 : fraction % 10 == 0 ? 3 : 4;
        return sign + DigitsOf(seconds) + decimals;
    }

    /// <summary>Writes an arrival time as <see cref="ArrivalLength"/> measures it; returns how many bytes.</summary>
    internal static int WriteArrival(long arrivalMilliseconds, Span<byte> utf8)
    {
        (ulong seconds, ulong fraction) = Math.DivRem((ulong)Math.Abs(arrivalMilliseconds), 1000UL);
        int written = 0;
        if (arrivalMilliseconds < 0)
            utf8[written++] = (byte)'-';
        seconds.TryFormat(utf8[written..], out int digits, provider: CultureInfo.InvariantCulture);
        written += digits;

        if (fraction != 0)
            utf8[written++] = (byte)'.';
        for (ulong scale = 100; fraction != 0; scale /= 10)
        {
            (ulong digit, fraction) = Math.DivRem(fraction, scale);
            utf8[written++] = (byte)('0' + digit);
        }
        return written;
    }

    private static int DigitsOf(ulong value)
    {
        if (value is >= 1_000_000_000 and < 10_000_000_000)
            return 10;                                        // every second from 2001 to 2286
        int digits = 1;
        for (ulong rest = value / 10; rest > 0; rest /= 10)
            digits++;
        return digits;
    }
}
