namespace LambdaStreamRunner.Simulation.Meters;

/// <summary>How many invocations run at once, over time.</summary>
internal sealed class ConcurrencyMeter(long start)
{
    private long _since = start;
    private double _sum;                                      // running × ticks

    public int Running { get; private set; }

    public int Peak { get; private set; }

    /// <summary>Integral of the running invocations over time, in seconds.</summary>
    public double Seconds => _sum / TimeSpan.TicksPerSecond;

    public void Change(int by, long now)
    {
        _sum += (double)Running * (now - _since);
        _since = now;
        Running += by;
        Peak = Math.Max(Peak, Running);
    }
}
