using System.Collections.Immutable;

namespace LambdaStreamRunner.Simulation.Modelling;

/// <summary>The durations of one batch size.</summary>
/// <param name="Records">The batch size.</param>
/// <param name="Ticks">Ascending.</param>
internal sealed record MeasuredSize(int Records, ImmutableArray<double> Ticks)
{
    public double Median { get; } = Quantiles.Median(Ticks.AsSpan());

    /// <summary>Mean of the middle half: knows that invocations waited for each other unevenly, and not that the machine was busy for a moment.</summary>
    public double MiddleMean { get; } = Ticks.Skip(Ticks.Length / 4).Take(Ticks.Length - (2 * (Ticks.Length / 4))).Average();
}

/// <summary>Quantiles of ascending numbers.</summary>
internal static class Quantiles
{
    public static double Median(ReadOnlySpan<double> ascending)
    {
        int middle = ascending.Length / 2;
        return ascending.Length % 2 == 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
    }

    /// <summary>What a share does not exceed.</summary>
    public static double At(ImmutableArray<double> ascending, double share) =>
        ascending[Math.Clamp((int)Math.Ceiling(share * ascending.Length) - 1, 0, ascending.Length - 1)];

    /// <summary>The number at which half of the weight is reached.</summary>
    public static double WeightedMedian(IEnumerable<(double Value, double Weight)> weighted)
    {
        (double Value, double Weight)[] ascending = [.. weighted.OrderBy(one => one.Value)];
        double half = ascending.Sum(one => one.Weight) / 2;
        double sum = 0;
        for (int i = 0; i < ascending.Length - 1; i++)
        {
            sum += ascending[i].Weight;
            if (sum > half)
                return ascending[i].Value;
            if (sum == half)
                return (ascending[i].Value + ascending[i + 1].Value) / 2;
        }
        return ascending[^1].Value;
    }
}
