using System.Collections.Immutable;

namespace LambdaStreamRunner.Simulation.Modelling;

/// <summary>Measured ÷ fitted durations, thinned out without changing their mean.</summary>
internal static class ResidualRatios
{
    /// <summary>Most ratios that a model keeps; a percentile is five of them.</summary>
    public const int Max = 500;

    /// <summary>The ratios in ascending order, each batch size with the same weight however often it was measured.</summary>
    public static ImmutableArray<double> Of(IReadOnlyList<MeasuredSize> sizes, HandlerModel line)
    {
        MeasuredSize[] fitted = [.. sizes.Where(size => line.DurationOf(size.Records) > TimeSpan.Zero)];
        (double Ratio, double Weight)[] ratios =
        [
            .. fitted.SelectMany(size => size.Ticks.Select(ticks => (Ratio: ticks / line.DurationOf(size.Records).Ticks, Weight: 1.0 / size.Ticks.Length)))
                .OrderBy(ratio => ratio.Ratio),
        ];
        if (ratios.Length == 0)
            return [];
        return MeansOfEqualParts(ratios, Math.Min(Max, ratios.Length));
    }

    // The mean of each part instead of a number inside it: so the mean of all stays what it was.
    private static ImmutableArray<double> MeansOfEqualParts((double Ratio, double Weight)[] ascending, int parts)
    {
        double whole = ascending.Sum(ratio => ratio.Weight) / parts;
        ImmutableArray<double>.Builder means = ImmutableArray.CreateBuilder<double>(parts);
        int at = 0;
        double left = ascending[0].Weight;
        for (int part = 0; part < parts; part++)
        {
            (double sum, double weight) = (0, 0);
            while (at < ascending.Length && weight < whole * (1 - 1e-12))
            {
                double taken = Math.Min(left, whole - weight);
                sum += taken * ascending[at].Ratio;
                weight += taken;
                left -= taken;
                if (left <= whole * 1e-12 && ++at < ascending.Length)
                    left += ascending[at].Weight;
            }
            if (weight > whole * 1e-6)                        // the last one may find nothing but rounding
                means.Add(sum / weight);
        }
        return means.ToImmutable();
    }
}
