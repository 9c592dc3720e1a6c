using System.Globalization;

namespace LambdaStreamRunner.Host.Terminal;

/// <summary>Numbers as a person reads them, the same on every machine.</summary>
internal static class Figures
{
    /// <summary>12345678 as "12,345,678".</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A rate: "0.4/s" below ten, "12,345/s" above.</summary>
    public static string Rate(double perSecond) => perSecond.ToString(perSecond < 10 ? "0.#" : "N0", CultureInfo.InvariantCulture) + "/s";

    /// <summary>A duration with the unit that suits it: "850 ms", "12.3 s", "4 min 5 s", "2 h 10 min", "3 d 4 h".</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Hours} h {time.Minutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.Days} d {time.Hours} h"),
    };

    /// <summary>Milliseconds as <see cref="Duration"/>.</summary>
    public static string Milliseconds(long milliseconds) => Duration(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Settled of known records in whole percent, rounded down: 100 % means all.</summary>
    public static string Percent(long part, long whole) => whole == 0 ? "–" : Count(part * 100 / whole) + " %";

    /// <summary>"1 record", "2 records".</summary>
    public static string Some(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";
}
