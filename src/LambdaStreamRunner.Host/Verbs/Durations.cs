using System.Globalization;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>Durations of a command line: <c>30s</c>, <c>250ms</c>, <c>2min</c>; a bare number is seconds.</summary>
internal static class Durations
{
    /// <summary>Reads one; null when it is none.</summary>
    public static TimeSpan? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds))
            return seconds <= TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : null;
        return HandlerModelExpression.TryParseDuration(text, out TimeSpan duration) ? duration : null;
    }
}
