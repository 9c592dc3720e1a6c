using System.Collections.Immutable;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>Prediction against what the real function did under the same settings.</summary>
/// <param name="Chosen">The setting that it is about.</param>
/// <param name="Runs">Runs of the chosen setting first, then of its neighbours.</param>
public sealed record Verification(TunedSetting Chosen, ImmutableArray<VerifiedRun> Runs)
{
    /// <summary>Largest error up to which a setting is called recommended.</summary>
    public const double ErrorMax = 0.20;

    /// <summary>Invocations below which a run shows chance rather than the setting.</summary>
    public const int InvocationsMin = 20;

    /// <summary>Runs that were not made, or that cannot be compared, and why.</summary>
    public ImmutableArray<RunLeftOut> LeftOut { get; init; } = [];

    /// <summary>Runs of the chosen setting.</summary>
    public IEnumerable<VerifiedRun> RunsOfChosen => Runs.Where(run => run.Setting.IsSameAs(Chosen));

    /// <summary>The chosen setting in real time, which is what a recommendation rests on; null when there was no such run.</summary>
    public VerifiedRun? InRealTime => RunsOfChosen.FirstOrDefault(run => run.Clock is VerificationClock.Wall);

    /// <summary>True when the chosen setting ran in real time with <see cref="InvocationsMin"/> or more invocations, and every run of it settled all its records, was compared in at least one figure, and had each predicted with less than <see cref="ErrorMax"/>.</summary>
    public bool IsRecommended => InRealTime is { Invocations: >= InvocationsMin } && RunsOfChosen.All(run => run.Unsettled == 0 && !run.Figures.IsEmpty && run.LargestError < ErrorMax);
}

/// <summary>One run with the real function.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Clock">How time passed.</param>
/// <param name="Figures">Predicted and measured.</param>
/// <param name="KolmogorovSmirnov">Largest distance between the two distributions of latency, 0 to 1.</param>
public sealed record VerifiedRun(TunedSetting Setting, VerificationClock Clock, ImmutableArray<VerifiedFigure> Figures, double KolmogorovSmirnov)
{
    /// <summary>Invocations that ran; what is measured rests on them.</summary>
    public required long Invocations { get; init; }

    /// <summary>Records that did not succeed: given up, or not kept up with when the run ended. 0 by default.</summary>
    public long Unsettled { get; init; }

    /// <summary>The stretch of the traffic that was run, for people; null when it is not told.</summary>
    public string? Traffic { get; init; }

    /// <summary>Mean absolute error of the figures, as a share.</summary>
    public double Error => Figures.IsEmpty ? 0 : Figures.Average(figure => figure.Error);

    /// <summary>Error of the figure that was predicted worst, as a share.</summary>
    public double LargestError => Figures.IsEmpty ? 0 : Figures.Max(figure => figure.Error);
}

/// <summary>A run that there is nothing to compare of.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Clock">How time would have passed.</param>
/// <param name="Why">Why, and what to do, as a sentence.</param>
public sealed record RunLeftOut(TunedSetting Setting, VerificationClock Clock, string Why);

/// <summary>A figure, predicted and measured.</summary>
/// <param name="Name">Such as "latency p99".</param>
/// <param name="Unit">Such as "ms"; empty for a count.</param>
/// <param name="Predicted">By the simulation.</param>
/// <param name="Measured">With the real function.</param>
public sealed record VerifiedFigure(string Name, string Unit, double Predicted, double Measured)
{
    /// <summary>Milliseconds below which a difference is none: AWS tells no finer, and an age of 0 would be off by 100 %.</summary>
    private const double MillisecondsMin = 1;

    /// <summary>|predicted − measured| ÷ measured; 0 when both are 0, and for times that differ by less than a millisecond.</summary>
    public double Error => Unit == "ms" && Math.Abs(Predicted - Measured) < MillisecondsMin ? 0 : Measured == 0 ? (Predicted == 0 ? 0 : 1) : Math.Abs(Predicted - Measured) / Measured;
}

/// <summary>How time passed while the real function ran.</summary>
public enum VerificationClock
{
    /// <summary>Idle time was skipped: the function's own durations on virtual time.</summary>
    Accelerated,

    /// <summary>Wall time: the traffic's own pace.</summary>
    Wall,
}
