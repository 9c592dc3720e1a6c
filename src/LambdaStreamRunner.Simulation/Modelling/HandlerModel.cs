using System.Collections.Immutable;

namespace LambdaStreamRunner.Simulation.Modelling;

/// <summary>How long a function takes: a fixed part for each invocation, a part for each record, and what varies about it.</summary>
/// <remarks>duration = (<see cref="Fixed"/> + <see cref="PerRecord"/> × records) × one of <see cref="Variation"/> × slow-down at the concurrency of its start, and a cold start before it in a new execution environment.</remarks>
public sealed record HandlerModel
{
    /// <summary>The part of every invocation, τ₀. Zero or more.</summary>
    public required TimeSpan Fixed { get; init; }

    /// <summary>The part of every record, α. Zero or more.</summary>
    public TimeSpan PerRecord { get; init; }

    /// <summary>Measured ÷ fitted durations, in ascending order; an invocation takes one of them at random. Empty (the default): every invocation takes what was fitted.</summary>
    public ImmutableArray<double> Variation { get; init; } = [];

    /// <summary>How much slower an invocation is when others run beside it, by ascending concurrency; in between it is interpolated, beyond it stays. Empty: not at all.</summary>
    public ImmutableArray<SlowDown> SlowDowns { get; init; } = [];

    /// <summary>Measured cold starts, in ascending order; a new execution environment takes one of them at random. Empty: none is modelled.</summary>
    public ImmutableArray<TimeSpan> ColdStarts { get; init; } = [];

    /// <summary>MemorySize in MiB, for the cost. 128 to 10,240; 128 by default, as AWS has it.</summary>
    public int MemorySize { get; init; } = 128;

    /// <summary>The function's Timeout: an invocation that would take longer fails then. 3 s by default, as AWS has it.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Mean of <see cref="Variation"/>: 1 when there is none. Fits that stand for the median or leave out what is slow have another one.</summary>
    public double MeanRatio => Variation.IsDefaultOrEmpty ? 1 : Variation.Average();

    /// <summary>The fitted duration of an invocation alone in a warm environment.</summary>
    public TimeSpan DurationOf(int records) => Fixed + (PerRecord * records);

    /// <summary>What an invocation alone in a warm environment takes in the mean, <see cref="Variation"/> included.</summary>
    /// <param name="records">Records of the batch; a mean need not be a whole number.</param>
    public TimeSpan MeanDurationOf(double records) => (Fixed + (PerRecord * records)) * MeanRatio;
}

/// <summary>How much longer an invocation takes while so many run at once, itself included.</summary>
/// <param name="Concurrency">1 or more.</param>
/// <param name="Factor">1 or more: duration ÷ duration alone.</param>
public readonly record struct SlowDown(int Concurrency, double Factor);
