using System.Globalization;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Reports;

/// <summary>Figures of a simulation as a person reads them.</summary>
internal static class Amounts
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A duration of three digits with the unit that suits it.</summary>
    public static string Ms(double milliseconds)
    {
        (double divisor, string unit) = UnitOf(milliseconds);
        return $"{Digits(milliseconds / divisor)} {unit}";
    }

    /// <summary>A mean with half the width of its confidence interval: "1.23 ±0.05 s"; without it when there was one run.</summary>
    public static string Ms(Estimate estimate)
    {
        (double divisor, string unit) = UnitOf(estimate.Mean);
        double half = (estimate.High - estimate.Low) / 2;
        return half > 0 ? $"{Digits(estimate.Mean / divisor)} ±{Margin(half / divisor)} {unit}" : $"{Digits(estimate.Mean / divisor)} {unit}";
    }

    /// <summary>US dollars, three digits: "$0.0123", "$1.23".</summary>
    public static string Dollars(double dollars) => dollars switch
    {
        0 => "$0",
        < 0.001 => dollars.ToString("$0.######", Culture),
        < 0.01 => dollars.ToString("$0.00000", Culture),
        < 0.1 => dollars.ToString("$0.0000", Culture),
        < 1 => dollars.ToString("$0.000", Culture),
        < 1_000 => dollars.ToString("$0.00", Culture),
        _ => dollars.ToString("$#,0", Culture),
    };

    /// <summary>A number of three digits; a small one has two, wherever they begin.</summary>
    public static string Digits(double value) => Math.Abs(value) switch
    {
        >= 99.95 or 0 => value.ToString("#,0", Culture),
        >= 9.995 => value.ToString("0.#", Culture),
        >= 0.0995 => value.ToString("0.##", Culture),
        _ => TwoDigits(value),
    };

    /// <summary>A mean with half the width of its confidence interval; without it when all runs agree.</summary>
    public static string Digits(Estimate estimate)
    {
        double half = (estimate.High - estimate.Low) / 2;
        return half > 0 ? $"{Digits(estimate.Mean)} ±{Margin(half)}" : Digits(estimate.Mean);
    }

    /// <summary>A share as percent.</summary>
    public static string Percent(double share) => (share is > 0 and < 0.00995 ? TwoDigits(share * 100) : (share * 100).ToString(share is > 0 and < 0.1 ? "0.0" : "0", Culture)) + " %";

    // Not more digits than the mean beside it has.
    private static string Margin(double half) => half is >= 0.00995 and < 0.0995 ? half.ToString("0.##", Culture) : Digits(half);

    private static string TwoDigits(double value)
    {
        int places = Math.Clamp(1 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 10);
        return Math.Round(value, places).ToString("0.##########", Culture);
    }

    private static (double Divisor, string Unit) UnitOf(double milliseconds) => milliseconds switch
    {
        < 1_000 => (1, "ms"),
        < 600_000 => (1_000, "s"),
        < 36_000_000 => (60_000, "min"),
        _ => (3_600_000, "h"),
    };
}
