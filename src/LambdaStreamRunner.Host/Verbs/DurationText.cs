using System.Globalization;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>Durations as people write them: 500ms, 90s, 10m (or 10min), 1.5h, 2d; a number alone is seconds.</summary>
internal static class DurationText
{
    /// <summary>How one is written, for messages.</summary>
    public const string Form = "a number with ms, s, m, h or d, such as 10m";

    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("min", 60), ("h", 3600), ("d", 86_400), ("", 1)];

    /// <summary>Longest one: longer than any traffic, and a TimeSpan still holds it.</summary>
    private const double SecondsMax = 100 * 366 * 86_400.0;

    /// <summary>Reads one of 0 or more.</summary>
    public static bool TryParse(string written, out TimeSpan duration)
    {
        duration = default;
        string text = written.Trim().ToLowerInvariant();
        (string unit, double seconds) = Array.Find(Units, unit => text.EndsWith(unit.Unit, StringComparison.Ordinal));
        bool isNumber = double.TryParse(text[..^unit.Length].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
        if (!isNumber || !(number * seconds <= SecondsMax))
            return false;
        duration = TimeSpan.FromSeconds(number * seconds);
        return true;
    }
}
