namespace LambdaStreamRunner.Simulation.Modelling;

/// <summary>Theil and Sen's line through the medians of batch sizes, neither of its parts below zero.</summary>
/// <remarks>
/// Durations vary in proportion to their length, so a slope between two sizes counts as much as it can be trusted:
/// their distance ÷ the noise of their durations. Likewise intercepts: the small batches know the fixed part.
/// </remarks>
internal static class RobustLine
{
    public static (double Fixed, double PerRecord) Through(IReadOnlyList<MeasuredSize> sizes)
    {
        if (sizes.Count == 1)
            return (sizes[0].Median, 0);                      // one size does not tell the two apart
        double slope = Quantiles.WeightedMedian(Slopes(sizes));
        if (slope <= 0)
            return (Quantiles.WeightedMedian(sizes.Select(size => (size.Median, 1 / Noise(size)))), 0);
        double intercept = Quantiles.WeightedMedian(sizes.Select(size => (size.Median - (slope * size.Records), 1 / Noise(size))));
        return intercept >= 0
            ? (intercept, slope)
            : (0, Quantiles.WeightedMedian(sizes.Select(size => (size.Median / size.Records, 1.0))));
    }

    private static IEnumerable<(double Slope, double Weight)> Slopes(IReadOnlyList<MeasuredSize> sizes)
    {
        for (int i = 0; i < sizes.Count; i++)
        {
            for (int j = i + 1; j < sizes.Count; j++)
            {
                double distance = sizes[j].Records - sizes[i].Records;
                yield return ((sizes[j].Median - sizes[i].Median) / distance, distance / Math.Sqrt(Square(Noise(sizes[i])) + Square(Noise(sizes[j]))));
            }
        }
    }

    private static double Noise(MeasuredSize size) => Math.Max(size.Median, 1);

    private static double Square(double value) => value * value;
}
