using System.Collections.Immutable;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>Prediction against what the real function did under the same settings.</summary>
/// <param name="Runs">The chosen setting first, then its neighbours.</param>
public sealed record Verification(ImmutableArray<VerifiedRun> Runs)
{
    /// <summary>Largest error up to which a setting is called recommended.</summary>
    public const double ErrorMax = 0.20;

    /// <summary>True when every figure of the chosen setting was predicted with less than <see cref="ErrorMax"/>.</summary>
    public bool IsRecommended => !Runs.IsEmpty && Runs.All(run => run.LargestError < ErrorMax || !run.Setting.IsSameAs(Runs[0].Setting));
}

/// <summary>One run with the real function.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Clock">How time passed.</param>
/// <param name="Figures">Predicted and measured.</param>
/// <param name="KolmogorovSmirnov">Largest distance between the two distributions of latency, 0 to 1.</param>
public sealed record VerifiedRun(TunedSetting Setting, VerificationClock Clock, ImmutableArray<VerifiedFigure> Figures, double KolmogorovSmirnov)
{
    /// <summary>Mean absolute error of the figures, as a share.</summary>
    public double Error => Figures.IsEmpty ? 0 : Figures.Average(figure => figure.Error);

    /// <summary>Error of the figure that was predicted worst, as a share.</summary>
    public double LargestError => Figures.IsEmpty ? 0 : Figures.Max(figure => figure.Error);
}

/// <summary>A figure, predicted and measured.</summary>
/// <param name="Name">Such as "latency p99".</param>
/// <param name="Unit">Such as "ms"; empty for a count.</param>
/// <param name="Predicted">By the simulation.</param>
/// <param name="Measured">With the real function.</param>
public sealed record VerifiedFigure(string Name, string Unit, double Predicted, double Measured)
{
    /// <summary>|predicted − measured| ÷ measured; 0 when both are 0.</summary>
    public double Error => Measured == 0 ? (Predicted == 0 ? 0 : 1) : Math.Abs(Predicted - Measured) / Measured;
}

/// <summary>How time passed while the real function ran.</summary>
public enum VerificationClock
{
    /// <summary>Idle time was skipped: the function's own durations on virtual time.</summary>
    Accelerated,

    /// <summary>Wall time: the traffic's own pace.</summary>
    Wall,
}
