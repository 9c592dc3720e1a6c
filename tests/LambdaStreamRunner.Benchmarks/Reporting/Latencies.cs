namespace LambdaStreamRunner.Benchmarks.Reporting;

/// <summary>Durations of many requests, kept as they are.</summary>
internal sealed class Latencies
{
    private readonly List<TimeSpan> _values = [];

    public int Count => _values.Count;

    public void Add(TimeSpan value) => _values.Add(value);

    public void Add(Latencies others) => _values.AddRange(others._values);

    /// <summary>The duration, in milliseconds, that this share of requests does not pass.</summary>
    /// <param name="share">0 to 1.</param>
    public double Milliseconds(double share)
    {
        TimeSpan[] sorted = [.. _values.Order()];
        return sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))].TotalMilliseconds;
    }
}
