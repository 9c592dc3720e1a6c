namespace LambdaStreamRunner.Runner.Polling;

/// <summary>The clock of a run: its start plus a multiple of the real time that has passed.</summary>
/// <remarks>
/// Arrival times, windows, back-off, record age, retention and iterator age follow it; the Timeout of a function, tokens
/// and the rate of producers stay in real time.
/// </remarks>
public sealed class RunClock : TimeProvider
{
    private readonly TimeProvider _real;
    private readonly double _speed;
    private readonly DateTimeOffset _start;
    private readonly long _startTimestamp;

    /// <summary>A clock that starts now.</summary>
    /// <param name="real">Real time.</param>
    /// <param name="speed">Seconds of the run per real second: above 0 and not endless, 1 by default.</param>
    public RunClock(TimeProvider real, double speed = 1)
    {
        if (!double.IsFinite(speed) || speed <= 0)
            throw new ArgumentOutOfRangeException(nameof(speed), speed, "The speed of a run is a number above 0.");
        (_real, _speed) = (real, speed);
        _start = real.GetUtcNow();
        _startTimestamp = real.GetTimestamp();
    }

    /// <summary>Seconds of the run per real second.</summary>
    public double Speed => _speed;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    /// <inheritdoc/>
    public override long GetTimestamp() => Elapsed.Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new RunTimer(_real.CreateTimer(callback, state, ToReal(dueTime), ToReal(period)), this);

    private TimeSpan Elapsed => _real.GetElapsedTime(_startTimestamp) * _speed;

    // Rounded up to the timer's millisecond: a timer that fires early only has to be set again.
    private TimeSpan ToReal(TimeSpan run)
    {
        if (run <= TimeSpan.Zero)
            return run;
        double milliseconds = Math.Ceiling((run / _speed).TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Min(milliseconds, uint.MaxValue - 1));
    }

    private sealed class RunTimer(ITimer inner, RunClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(clock.ToReal(dueTime), clock.ToReal(period));

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
