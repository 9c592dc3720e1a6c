using LambdaStreamRunner.Core.Measures;
using LambdaStreamRunner.Runner.Telemetry;

namespace LambdaStreamRunner.Runner.Environments;

/// <summary>What became of the environments of a function. Counted from any thread.</summary>
internal sealed class EnvironmentCounts
{
    private readonly Lock _gate = new();
    private readonly LatencyHistogram _inits = new();         // in microseconds
    private EnvironmentSummary _counts = new();
    private int _running;

    /// <summary>An environment is ready after so long.</summary>
    public void Started(TimeSpan took)
    {
        lock (_gate)
        {
            _inits.Record((long)took.TotalMicroseconds);
            _running++;
            _counts = _counts with { ColdStarts = _counts.ColdStarts + 1, MaxEnvironments = Math.Max(_counts.MaxEnvironments, _running) };
        }
    }

    /// <summary>One that was ready has ended.</summary>
    public void Ended(EnvironmentEnd why, int? memoryMegabytes)
    {
        lock (_gate)
        {
            _running--;
            _counts = _counts with
            {
                TimedOut = _counts.TimedOut + (why is EnvironmentEnd.TimedOut ? 1 : 0),
                Crashed = _counts.Crashed + (why is EnvironmentEnd.Crashed ? 1 : 0),
                Retired = _counts.Retired + (why is EnvironmentEnd.Retired ? 1 : 0),
            };
        }
        Used(memoryMegabytes);
    }

    /// <summary>One could not be made ready.</summary>
    public void InitFailed()
    {
        lock (_gate)
            _counts = _counts with { FailedInits = _counts.FailedInits + 1 };
    }

    /// <summary>One has used so much memory.</summary>
    public void Used(int? megabytes)
    {
        lock (_gate)
            _counts = _counts with { MaxMemoryUsedMB = Math.Max(_counts.MaxMemoryUsedMB, megabytes ?? 0) };
    }

    /// <summary>All of it, so far.</summary>
    public EnvironmentSummary Summarize()
    {
        lock (_gate)
        {
            return _counts with
            {
                Environments = _running,
                InitMs = new PercentileSummary(Milliseconds(_inits.Percentile(0.5)), Milliseconds(_inits.Percentile(0.99)), Milliseconds(_inits.Max)),
            };
        }
    }

    private static long Milliseconds(long microseconds) => (long)Math.Round(microseconds / 1000.0);
}

/// <summary>Why an environment that was ready has ended.</summary>
internal enum EnvironmentEnd
{
    /// <summary>Nobody needed it any more, or its code was replaced.</summary>
    Retired,

    /// <summary>Its invocation did not end in time.</summary>
    TimedOut,

    /// <summary>Its process ended by itself, or by somebody else.</summary>
    Crashed,
}
