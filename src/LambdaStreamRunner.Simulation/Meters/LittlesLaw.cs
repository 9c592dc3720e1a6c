namespace LambdaStreamRunner.Simulation.Meters;

/// <summary>Little's law, asked of every run: how many are in a system, over time, is what each of them spends in it, added up. A record or an invocation that was counted twice or forgotten breaks it.</summary>
internal sealed class LittlesLaw(long start)
{
    private const double Tolerance = 1e-6;

    private Int128 _ran;                                      // ticks that invocations took
    private Int128 _spent;                                    // ticks from arrival to settlement
    private Int128 _resolvedTicks;                            // integral of the resolved records over time
    private long _resolved;
    private long _since = start;

    /// <summary>An invocation took so long.</summary>
    public void Ran(long ticks) => _ran += ticks;

    /// <summary>Records are done with.</summary>
    /// <param name="records">How many.</param>
    /// <param name="arrivals">Sum of the ticks at which they arrived.</param>
    /// <param name="now">The present.</param>
    public void Resolved(int records, Int128 arrivals, long now)
    {
        _resolvedTicks += (Int128)_resolved * (now - _since);
        _since = now;
        _resolved += records;
        _spent += ((Int128)records * now) - arrivals;
    }

    /// <summary>Throws when a run breaks it.</summary>
    /// <param name="concurrencySeconds">Integral of the running invocations over time.</param>
    /// <param name="records">Records that arrived; all of them are done with.</param>
    /// <param name="arrivals">Sum of the ticks at which they arrived, from the traffic itself.</param>
    public void Check(double concurrencySeconds, long records, Int128 arrivals)
    {
        double ran = (double)_ran / TimeSpan.TicksPerSecond;
        if (Math.Abs(ran - concurrencySeconds) > Tolerance * Math.Max(1, ran))
            throw new InvalidOperationException($"The invocations took {ran} s in all, and {concurrencySeconds} s were seen running.");
        Int128 waiting = ((Int128)records * _since) - arrivals - _resolvedTicks;
        if (waiting != _spent)
            throw new InvalidOperationException($"{_resolved} of {records} records spent {_spent} ticks in the stream, and {waiting} ticks of records were seen in it.");
    }
}
