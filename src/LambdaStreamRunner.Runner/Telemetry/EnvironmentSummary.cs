using System.Text.Json.Serialization;

namespace LambdaStreamRunner.Runner.Telemetry;

/// <summary>What became of the execution environments of a function that runs in processes.</summary>
public sealed record EnvironmentSummary
{
    /// <summary>Name of the function.</summary>
    public string Name { get; init; } = "";

    /// <summary>Environments that were started and became ready.</summary>
    public long ColdStarts { get; init; }

    /// <summary>From the start of the process to its first call for an invocation.</summary>
    public PercentileSummary InitMs { get; init; } = new(0, 0, 0);

    /// <summary>Those that are there now; of no use in the summary of a run that has ended.</summary>
    [JsonIgnore]
    public int Environments { get; init; }

    /// <summary>Most that were there at the same time.</summary>
    public int MaxEnvironments { get; init; }

    /// <summary>Environments that never became ready.</summary>
    public long FailedInits { get; init; }

    /// <summary>Those that were ended at the deadline of an invocation.</summary>
    public long TimedOut { get; init; }

    /// <summary>Those whose process ended by itself.</summary>
    public long Crashed { get; init; }

    /// <summary>Those that nobody needed any more.</summary>
    public long Retired { get; init; }

    /// <summary>Most memory that one has used; 0 where it cannot be told.</summary>
    public int MaxMemoryUsedMB { get; init; }
}
