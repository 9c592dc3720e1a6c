using System.Globalization;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads <c>StartingPosition</c> and the timestamp that belongs to one of its values.</summary>
internal static class StartingPositionSettings
{
    private const string Timestamp = "StartingPositionTimestamp";

    public static (StartingPosition Position, DateTimeOffset? At) Read(Section mapping, Reading reading)
    {
        if (mapping.Find("StartingPosition") is null)
            mapping.Missing("StartingPosition", "write TRIM_HORIZON, LATEST or AT_TIMESTAMP.");
        StartingPosition? position = mapping.Choice(
            "StartingPosition",
            ("TRIM_HORIZON", StartingPosition.TrimHorizon),
            ("LATEST", StartingPosition.Latest),
            ("AT_TIMESTAMP", StartingPosition.AtTimestamp));
        DateTimeOffset? at = Time(mapping, reading);

        JsonValue? written = mapping.Find(Timestamp);
        if (position is StartingPosition.AtTimestamp && written is null)
            mapping.Missing(Timestamp, "AT_TIMESTAMP needs it. Add it in seconds since 1970, or use TRIM_HORIZON.");
        if (position is StartingPosition.TrimHorizon or StartingPosition.Latest && written is not null)
            reading.Problems.Error(written, "is only valid with StartingPosition AT_TIMESTAMP. Remove it, or change StartingPosition.");
        return (position ?? StartingPosition.TrimHorizon, at);
    }

    /// <summary>Seconds since 1970 as the API takes them, or ISO 8601; AWS drops parts of a second.</summary>
    private static DateTimeOffset? Time(Section mapping, Reading reading)
    {
        if (mapping.Find(Timestamp) is not JsonValue value)
            return null;
        if (Seconds(value) is not long seconds)
        {
            reading.Problems.Error(value, $"is {value.Quoted}; write seconds since 1970 (1789808930), or a time with its zone (\"2026-09-19T09:08:50Z\").");
            return null;
        }
        DateTimeOffset time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (time > reading.Now)
            reading.Problems.Error(value, $"is {time:yyyy-MM-dd'T'HH:mm:ss'Z'}, which is in the future. Write a time that has been, or use LATEST.");
        return time;
    }

    private static long? Seconds(JsonValue value)
    {
        const double SecondsMax = 253_402_300_799;            // the end of the year 9999
        if (value is JsonValue.Number number && double.TryParse(number.Written, CultureInfo.InvariantCulture, out double seconds))
            return seconds is >= 0 and <= SecondsMax ? (long)seconds : null;
        string[] formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        if (value is not JsonValue.Text { Value: string text } || text.Length == 0 || !(text[^1] == 'Z' || text.LastIndexOfAny(['+', '-']) > 10))
            return null;                                      // without a zone it would mean another moment on every machine
        return DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset time)
            ? time.ToUnixTimeSeconds()
            : null;
    }
}
