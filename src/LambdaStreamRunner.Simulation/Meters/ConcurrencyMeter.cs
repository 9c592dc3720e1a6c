namespace LambdaStreamRunner.Simulation.Meters;

/// <summary>How many invocations run at once, over time.</summary>
/// <param name="start">When the run begins, in ticks.</param>
/// <param name="countsFrom">When the figures begin: the end of the warm-up.</param>
internal sealed class ConcurrencyMeter(long start, long countsFrom)
{
    private long _since = start;
    private double _sum;                                      // running × ticks
    private double _counted;                                  // of it, what came after the warm-up

    public int Running { get; private set; }

    public int Peak { get; private set; }

    /// <summary>Integral of the running invocations over time, in seconds.</summary>
    public double Seconds => _sum / TimeSpan.TicksPerSecond;

    /// <summary>The same without the warm-up.</summary>
    public double CountedSeconds => _counted / TimeSpan.TicksPerSecond;

    public void Change(int by, long now)
    {
        _sum += (double)Running * (now - _since);
        long counts = now - Math.Max(_since, countsFrom);
        if (counts > 0)
        {
            _counted += (double)Running * counts;
            Peak = Math.Max(Peak, Running);                   // those of the warm-up that still ran
        }
        _since = now;
        Running += by;
        if (now >= countsFrom)
            Peak = Math.Max(Peak, Running);
    }
}
