using System.Collections.Immutable;

namespace LambdaStreamRunner.Simulation.Modelling;

/// <summary>Ratios that vary lognormally around 1.</summary>
internal static class Lognormal
{
    private const int Count = 500;

    /// <summary>Equally likely ratios in ascending order; their mean is 1.</summary>
    /// <param name="deviation">Standard deviation of the ratios.</param>
    public static ImmutableArray<double> Ratios(double deviation)
    {
        double sigma = Math.Sqrt(Math.Log(1 + (deviation * deviation)));
        double[] ratios = [.. Enumerable.Range(0, Count).Select(i => Math.Exp(sigma * NormalQuantile((i + 0.5) / Count)))];
        double mean = ratios.Average();
        return [.. ratios.Select(ratio => ratio / mean)];
    }

    // Acklam's rational approximation; its relative error is below 1.2e-9.
    private static double NormalQuantile(double p)
    {
        const double low = 0.02425;
        if (p > 0.5)
            return -NormalQuantile(1 - p);
        if (p < low)
        {
            double tail = Math.Sqrt(-2 * Math.Log(p));
            return Polynomial(tail, -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783)
                / Polynomial(tail, 7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996, 3.754408661907416, 1);
        }
        double q = p - 0.5;
        double r = q * q;
        return q * Polynomial(r, -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239)
            / Polynomial(r, -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01, -1.328068155288572e+01, 1);
    }

    private static double Polynomial(double x, params ReadOnlySpan<double> coefficients)
    {
        double sum = 0;
        foreach (double coefficient in coefficients)
            sum = (sum * x) + coefficient;
        return sum;
    }
}
