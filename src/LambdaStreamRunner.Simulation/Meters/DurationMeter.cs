using LambdaStreamRunner.Core.Measures;
using LambdaStreamRunner.Simulation.Figures;

namespace LambdaStreamRunner.Simulation.Meters;

/// <summary>Adds up durations, given in ticks, to a <see cref="Distribution"/>.</summary>
internal sealed class DurationMeter
{
    private readonly LatencyHistogram _microseconds = new();
    private double _sumTicks;
    private long _maxTicks;

    public void Record(long ticks, long times = 1)
    {
        _microseconds.Record(ticks / TimeSpan.TicksPerMicrosecond, times);
        _sumTicks += (double)ticks * times;
        _maxTicks = Math.Max(_maxTicks, ticks);
    }

    /// <summary>Sum of all durations, in seconds.</summary>
    public double SumSeconds => _sumTicks / TimeSpan.TicksPerSecond;

    public Distribution Read()
    {
        long count = _microseconds.Count;
        if (count == 0)
            return default;
        return new Distribution(
            count, _sumTicks / count / TimeSpan.TicksPerMillisecond,
            Percentile(0.10), Percentile(0.50), Percentile(0.90), Percentile(0.95), Percentile(0.99), (double)_maxTicks / TimeSpan.TicksPerMillisecond);
    }

    private double Percentile(double fraction) => _microseconds.Percentile(fraction) / 1_000.0;
}
