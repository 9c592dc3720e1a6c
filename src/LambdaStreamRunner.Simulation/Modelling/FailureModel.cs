using System.Collections.Immutable;

namespace LambdaStreamRunner.Simulation.Modelling;

/// <summary>What goes wrong in the modelled function. What fails follows from the seed and the record, not from the settings: the same records fail under every setting.</summary>
public sealed record FailureModel
{
    /// <summary>Nothing goes wrong.</summary>
    public static FailureModel None { get; } = new();

    /// <summary>Share of records that fail whenever they are delivered, 0 to 1.</summary>
    public double PoisonRate { get; init; }

    /// <summary>Records that fail whenever they are delivered, by their place in the traffic from 0, besides <see cref="PoisonRate"/>.</summary>
    public ImmutableArray<long> PoisonRecords { get; init; } = [];

    /// <summary>Share of invocations that fail as a whole for a reason that has gone at the next try, 0 to 1.</summary>
    public double TransientRate { get; init; }

    /// <summary>Times in which every invocation fails.</summary>
    public ImmutableArray<Outage> Outages { get; init; } = [];

    /// <summary>True when anything goes wrong.</summary>
    public bool HasFailures => PoisonRate > 0 || TransientRate > 0 || !PoisonRecords.IsEmpty || !Outages.IsEmpty;
}

/// <summary>A time in which everything fails.</summary>
/// <param name="From">Since the beginning of the traffic.</param>
/// <param name="Until">When it works again.</param>
public readonly record struct Outage(TimeSpan From, TimeSpan Until);
