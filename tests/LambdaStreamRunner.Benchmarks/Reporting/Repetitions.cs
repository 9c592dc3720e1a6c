using System.Globalization;

namespace LambdaStreamRunner.Benchmarks.Reporting;

/// <summary>The same figure, measured several times.</summary>
internal sealed class Repetitions
{
    private readonly List<double> _values = [];

    /// <summary>The middle one; the mean of both when there are two in the middle.</summary>
    public double Median => (Sorted[(_values.Count - 1) / 2] + Sorted[_values.Count / 2]) / 2;

    private double[] Sorted => [.. _values.Order()];

    public void Add(double value) => _values.Add(value);

    /// <summary>The ratios of two figures that were measured in turns.</summary>
    public static Repetitions Ratios(Repetitions of, Repetitions to)
    {
        var ratios = new Repetitions();
        foreach ((double a, double b) in of._values.Zip(to._values))
            ratios.Add(a / b);
        return ratios;
    }

    /// <summary>Median, then the lowest and the highest.</summary>
    public string Format(string format) => string.Create(
        CultureInfo.InvariantCulture, $"{Text(Median, format)} ({Text(_values.Min(), format)} to {Text(_values.Max(), format)})");

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
