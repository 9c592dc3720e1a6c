using System.Buffers.Text;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Times of a trace: milliseconds with a fraction, kept to 100 ns.</summary>
internal static class TraceTime
{
    /// <summary>The end of the year 9999, when times count from 1970.</summary>
    public const long MillisecondsMax = 253_402_300_799_999;

    /// <summary>Reads a number of milliseconds, 0 or more, without the rounding of a double; false when it is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        int digits = 0;
        long milliseconds = 0;
        while (digits < text.Length && (uint)(text[digits] - '0') <= 9 && digits < 16)
            milliseconds = (milliseconds * 10) + text[digits++] - '0';
        if (digits == 0 || milliseconds > MillisecondsMax)
            return false;
        if (digits == text.Length)
        {
            ticks = milliseconds * TimeSpan.TicksPerMillisecond;
            return true;
        }
        return text[digits] == '.' && !text.ContainsAny((byte)'e', (byte)'E')
            ? TryAddFraction(text[(digits + 1)..], milliseconds, out ticks)
            : TryParseExponent(text, out ticks);
    }

    private static bool TryAddFraction(ReadOnlySpan<byte> fraction, long milliseconds, out long ticks)
    {
        ticks = milliseconds * TimeSpan.TicksPerMillisecond;
        long unit = TimeSpan.TicksPerMillisecond / 10;
        foreach (byte digit in fraction)
        {
            if ((uint)(digit - '0') > 9)
                return false;
            ticks += (digit - '0') * unit;
            unit /= 10;
        }
        return fraction.Length > 0;
    }

    // 1.4e12 is how some programs write large numbers.
    private static bool TryParseExponent(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (!Utf8Parser.TryParse(text, out double milliseconds, out int read) || read != text.Length || milliseconds is not (>= 0 and <= MillisecondsMax))
            return false;
        ticks = (long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond);
        return true;
    }
}
