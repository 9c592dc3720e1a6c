using System.Collections.Immutable;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>What a search found.</summary>
public sealed record TuningResult
{
    /// <summary>What it was about, enough to repeat it.</summary>
    public required TuningInputs Inputs { get; init; }

    /// <summary>Every setting that was simulated to the end of a rung, cheap estimates included, for the picture.</summary>
    public required ImmutableArray<TunedPoint> Explored { get; init; }

    /// <summary>Settings that no other beats in cost, iterator age, duplicates, peak concurrency and lost records at once, the cheapest first.</summary>
    public required ImmutableArray<TunedPoint> Frontier { get; init; }

    /// <summary>The cheapest that meets the objective with its upper confidence bound, or the knee when there is no objective; null when none meets it. Of those only that lose about as few records as any of them, unless the objective limits "discarded" itself.</summary>
    public required TunedPoint? Chosen { get; init; }

    /// <summary>Where paying more begins to buy little: the knee of that part of the frontier that loses about as few records as any. Null when the frontier is empty.</summary>
    public required TunedPoint? Knee { get; init; }

    /// <summary>What came nearest to an objective that none meets; null otherwise.</summary>
    public required TunedPoint? NearestFeasible { get; init; }

    /// <summary>One knob at a time around the chosen setting.</summary>
    public required ImmutableArray<KnobSensitivity> Sensitivity { get; init; }

    /// <summary>Sentences for people, the most important first.</summary>
    public required ImmutableArray<string> Advice { get; init; }

    /// <summary>The chosen setting under the other lane policy, when the two disagree by more than a tenth; null when they do not.</summary>
    public required TunedPoint? OtherLanePolicy { get; init; }

    /// <summary>Settings that theory ruled out, with the reason and how many.</summary>
    public required ImmutableArray<PrunedSettings> Pruned { get; init; }

    /// <summary>False: it was interrupted, and this is the frontier so far.</summary>
    public required bool IsComplete { get; init; }
}

/// <summary>What a search was about.</summary>
/// <param name="Traffic">The traffic, for people.</param>
/// <param name="Records">Its records.</param>
/// <param name="Duration">Its length.</param>
/// <param name="Handler">How long the function takes.</param>
/// <param name="Failures">What goes wrong.</param>
/// <param name="Objective">The objective as it was written; null for none.</param>
/// <param name="Seeds">The seeds of the final runs.</param>
/// <param name="Prices">Name and date of the price table.</param>
/// <param name="Settings">Settings in the grid.</param>
public sealed record TuningInputs(
    string Traffic, long Records, TimeSpan Duration, HandlerModel Handler, FailureModel Failures, string? Objective,
    ImmutableArray<long> Seeds, string Prices, int Settings);

/// <summary>A setting with its figures.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Cost">US dollars per million records.</param>
/// <param name="IteratorAgeP99">Milliseconds.</param>
/// <param name="LatencyP50">Milliseconds.</param>
/// <param name="LatencyP99">Milliseconds.</param>
/// <param name="DuplicatesPerThousand">Deliveries beyond the first, per 1,000 records.</param>
/// <param name="PeakConcurrency">Invocations at the same time, at most.</param>
/// <param name="InvocationsPerMillion">Invocations per million records.</param>
/// <param name="Figures">All figures of one of the runs (the first seed).</param>
/// <param name="Runs">How many runs the estimates rest on: 1 on the early rungs.</param>
public sealed record TunedPoint(
    TunedSetting Setting, CostPerMillion Cost, Estimate IteratorAgeP99, Estimate LatencyP50, Estimate LatencyP99, Estimate DuplicatesPerThousand,
    Estimate PeakConcurrency, Estimate InvocationsPerMillion, SimulationFigures Figures, int Runs)
{
    /// <summary>The figures that the search's objective limits, by their name in objectives; times in milliseconds.</summary>
    public ImmutableDictionary<string, Estimate> Objectives { get; init; } = ImmutableDictionary<string, Estimate>.Empty;

    /// <summary>Records given up or expired, per 1,000.</summary>
    public Estimate LostPerThousand { get; init; }
}

/// <summary>A mean over several seeds with its confidence interval of 95 %; all three equal when there was one run.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Low">Lower bound.</param>
/// <param name="High">Upper bound.</param>
public readonly record struct Estimate(double Mean, double Low, double High)
{
    /// <summary>True when the interval has no 0 in it: the mean is no chance.</summary>
    internal bool ExcludesZero => Low > 0 || High < 0;
}

/// <summary>US dollars per million records, by what is paid for.</summary>
/// <param name="Requests">Lambda requests.</param>
/// <param name="Compute">Lambda GB-seconds.</param>
/// <param name="Stream">Kinesis: shard hours and PUT payload units.</param>
/// <param name="FanOut">Enhanced fan-out: consumer-shard hours and data; 0 without it.</param>
public readonly record struct CostPerMillion(double Requests, double Compute, double Stream, double FanOut)
{
    /// <summary>All of it.</summary>
    public double Total => Requests + Compute + Stream + FanOut;
}

/// <summary>What one knob does while the others stay.</summary>
/// <param name="Knob">AWS's name of the setting, such as BatchSize.</param>
/// <param name="Steps">Its values in ascending order.</param>
public sealed record KnobSensitivity(string Knob, ImmutableArray<KnobStep> Steps);

/// <summary>A value of a knob.</summary>
/// <param name="Value">The value as the setting is written.</param>
/// <param name="Point">The figures with it; null when theory says that it is not stable.</param>
/// <param name="IsChosen">True for the chosen setting's own value.</param>
public sealed record KnobStep(string Value, TunedPoint? Point, bool IsChosen)
{
    /// <summary>What this value changes; null for the chosen one, and where there is no <see cref="Point"/>.</summary>
    public StepEffect? Effect { get; init; }
}

/// <summary>What a step of a knob changes against the chosen setting: means of the differences of runs with the same seeds, so that chance that both met cancels out.</summary>
/// <param name="Invocations">Change of the invocations, as a share of those of the chosen setting: −0.5 is half of them.</param>
/// <param name="Cost">Change of the cost, as a share.</param>
/// <param name="IteratorAgeP99">Change of the p99 of the iterator age, in milliseconds.</param>
public sealed record StepEffect(Estimate Invocations, Estimate Cost, Estimate IteratorAgeP99);

/// <summary>Settings that were never simulated.</summary>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="Count">How many.</param>
public sealed record PrunedSettings(string Reason, int Count);
