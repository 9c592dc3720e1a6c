using System.Globalization;

namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>Durations for people.</summary>
public static class TimeText
{
    /// <summary>As "250 ms", "90 s", "55 min", "3 h" or "12 days", in the largest unit of which there are at least two.</summary>
    public static string Of(TimeSpan time) => time.TotalSeconds switch
    {
        < 2 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.###} ms"),
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} min"),
        < 172_800 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.#} days"),
    };
}
