namespace LambdaStreamRunner.Simulation.Traffic;

/// <summary>A traffic to be made: how many records a second over time, at what distances, with which keys and sizes.</summary>
public sealed record TrafficProfile
{
    /// <summary>Longest traffic: a year.</summary>
    public static readonly TimeSpan DurationMax = TimeSpan.FromDays(366);

    /// <summary>Most records a second, on the average.</summary>
    public const double RateMax = 100_000_000;

    /// <summary>Records a second over time.</summary>
    public required RateCurve Rate { get; init; }

    /// <summary>How long records come, above 0 and at most <see cref="DurationMax"/>.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The distances between records; random by default.</summary>
    public ArrivalSpacing Spacing { get; init; } = ArrivalSpacing.Random;

    /// <summary>The partition keys; 1,000 by Zipf's law by default.</summary>
    public KeyProfile Keys { get; init; } = new KeyProfile.Zipf(1000);

    /// <summary>The payloads; 1,000 bytes by default.</summary>
    public SizeProfile Sizes { get; init; } = new SizeProfile.Fixed(1000);

    /// <summary>The same seed makes the same traffic. 1 by default.</summary>
    public long Seed { get; init; } = 1;
}

/// <summary>The distances between records that come at a rate.</summary>
public enum ArrivalSpacing
{
    /// <summary>Independent of each other: a Poisson process, as many producers together make it.</summary>
    Random,

    /// <summary>All the same: one producer that keeps a pace.</summary>
    Even,
}
