using System.Collections.Immutable;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation;

/// <summary>What one run of a simulation is about, besides the traffic.</summary>
public sealed record SimulationPlan
{
    /// <summary>Settings of stream and mapping.</summary>
    public required TunedSetting Setting { get; init; }

    /// <summary>How long the function takes.</summary>
    public required HandlerModel Handler { get; init; }

    /// <summary>What goes wrong.</summary>
    public FailureModel Failures { get; init; } = FailureModel.None;

    /// <summary>How long records take to the poller.</summary>
    public StreamTiming Timing { get; init; } = StreamTiming.Aws;

    /// <summary>Most invocations of the function at the same time: its reserved concurrency. Null: 1,000, the default limit of an account.</summary>
    public int? ReservedConcurrency { get; init; }

    /// <summary>How long the stream keeps records; 24 h by default.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Reshards while it runs, in order of time.</summary>
    public ImmutableArray<PlannedReshard> Reshards { get; init; } = [];

    /// <summary>Decides durations, failures, phases of polls. Runs of different settings with the same seed see the same draws.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Where in the traffic the run begins.</summary>
    public TimeSpan From { get; init; }

    /// <summary>Where in the traffic it ends; what has been put until then is still settled. Null: at the end of the traffic.</summary>
    public TimeSpan? Until { get; init; }

    /// <summary>Part of the run's beginning that counts into no figure, so that an empty start does not flatter them.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>True: also the course over time and the lanes of the worst minute, for the report.</summary>
    public bool WithCourse { get; init; }

    /// <summary>Records waiting in the stream past which a setting counts as unstable, and the run ends. 2,000,000 by default.</summary>
    public long BacklogMax { get; init; } = 2_000_000;

    // Tests compare what a run decided with what other drivers of the same machine decide.
    internal bool KeepsHistory { get; init; }
}

/// <summary>A change of the number of shards during a run.</summary>
/// <param name="At">Since the beginning of the traffic.</param>
/// <param name="Shards">How many there are then.</param>
public readonly record struct PlannedReshard(TimeSpan At, int Shards);
