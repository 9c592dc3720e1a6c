using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using LambdaStreamRunner.Runner.Input;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Finds the time of a line: an expression says where it stands, a format how it is written.</summary>
internal sealed class LineTime
{
    /// <summary>Numbers below this are seconds since 1970 (until the year 5138), others milliseconds (from March 1973).</summary>
    private const decimal SecondsMax = 100_000_000_000m;

    private readonly PartitionKeyExpression _where;
    private readonly string? _format;

    private LineTime(PartitionKeyExpression where, string? format) => (_where, _format) = (where, format);

    /// <summary>Reads an expression and a format of .NET (null: ISO 8601, or seconds or milliseconds since 1970); false with what is wrong.</summary>
    public static bool TryParse(string where, string? format, [NotNullWhen(true)] out LineTime? time, [NotNullWhen(false)] out string? mistake)
    {
        time = null;
        if (!PartitionKeyExpression.TryParse(where, out PartitionKeyExpression? expression, out mistake))
            return false;
        if (format is not null && !IsFormat(format))
        {
            mistake = $"'{format}' is no format of .NET for times; write one such as 'dd/MMM/yyyy:HH:mm:ss zzz'.";
            return false;
        }
        time = new LineTime(expression, format);
        return true;
    }

    /// <summary>The time of a line in ticks since 1970. Null when it is there; otherwise the rest of a sentence that begins with the line.</summary>
    public string? Find(ReadOnlySpan<byte> line, out long ticks)
    {
        ticks = 0;
        PartitionKey found = _where.Of(line);
        if (!found.IsFound)
            return $"has no time: it {found.Reason}";
        if (!TryRead(found.Value, out DateTimeOffset time))
            return $"has the time '{Terminal.VisibleText.Of(found.Value)}', which is not {(_format is null ? "ISO 8601, nor seconds or milliseconds since 1970; --time-format says how it is written" : $"written as '{_format}'")}";
        ticks = (time - DateTimeOffset.UnixEpoch).Ticks;
        return ticks >= 0 ? null : $"has the time '{Terminal.VisibleText.Of(found.Value)}', which is before 1970";
    }

    private bool TryRead(string text, out DateTimeOffset time)
    {
        const DateTimeStyles Universal = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (_format is not null)
            return DateTimeOffset.TryParseExact(text, _format, CultureInfo.InvariantCulture, Universal, out time);
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
            return TryReadNumber(number, out time);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Universal, out time) && text.Contains(':', StringComparison.Ordinal);
    }

    private static bool TryReadNumber(decimal number, out DateTimeOffset time)
    {
        time = default;
        decimal milliseconds = number < SecondsMax ? number * 1000 : number;
        if (milliseconds > TraceTime.MillisecondsMax)
            return false;
        time = DateTimeOffset.UnixEpoch.AddTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond));
        return true;
    }

    private static bool IsFormat(string format)
    {
        try
        {
            return DateTimeOffset.UnixEpoch.ToString(format, CultureInfo.InvariantCulture).Length > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
