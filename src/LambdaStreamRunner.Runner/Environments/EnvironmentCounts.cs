using LambdaStreamRunner.Core.Measures;
using LambdaStreamRunner.Runner.Telemetry;

namespace LambdaStreamRunner.Runner.Environments;

/// <summary>What became of the environments of a function. Counted from any thread.</summary>
internal sealed class EnvironmentCounts
{
    private readonly Lock _gate = new();
    private readonly LatencyHistogram _inits = new();         // in microseconds
    private readonly HashSet<ExecutionEnvironment> _there = [];
    private EnvironmentSummary _counts = new();

    /// <summary>An environment is ready after so long.</summary>
    public void Started(ExecutionEnvironment environment, TimeSpan took)
    {
        lock (_gate)
        {
            _inits.Record((long)took.TotalMicroseconds);
            _there.Add(environment);
            _counts = _counts with { ColdStarts = _counts.ColdStarts + 1, MaxEnvironments = Math.Max(_counts.MaxEnvironments, _there.Count) };
        }
    }

    /// <summary>One that was ready has ended.</summary>
    public void Ended(ExecutionEnvironment environment, EnvironmentEnd why)
    {
        int? memory = environment.MaxMemoryUsed;
        lock (_gate)
        {
            _there.Remove(environment);
            _counts = _counts with
            {
                TimedOut = _counts.TimedOut + (why is EnvironmentEnd.TimedOut ? 1 : 0),
                Crashed = _counts.Crashed + (why is EnvironmentEnd.Crashed ? 1 : 0),
                Retired = _counts.Retired + (why is EnvironmentEnd.Retired ? 1 : 0),
                MaxMemoryUsedMB = Math.Max(_counts.MaxMemoryUsedMB, memory ?? 0),
            };
        }
    }

    /// <summary>One could not be made ready.</summary>
    public void InitFailed(ExecutionEnvironment environment)
    {
        int? memory = environment.MaxMemoryUsed;
        lock (_gate)
            _counts = _counts with { FailedInits = _counts.FailedInits + 1, MaxMemoryUsedMB = Math.Max(_counts.MaxMemoryUsedMB, memory ?? 0) };
    }

    /// <summary>All of it, so far.</summary>
    public EnvironmentSummary Summarize()
    {
        lock (_gate)
        {
            return _counts with
            {
                MaxMemoryUsedMB = _there.Aggregate(_counts.MaxMemoryUsedMB, (most, environment) => Math.Max(most, environment.MaxMemoryUsed ?? 0)),
                Environments = _there.Count,
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
