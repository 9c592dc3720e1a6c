using System.Collections.Immutable;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>Prices of a day, by region.</summary>
/// <param name="Date">When they were looked up.</param>
/// <param name="Currency">What all prices are in: USD.</param>
/// <param name="Source">Where they are from.</param>
/// <param name="Regions">By AWS's name of the region.</param>
public sealed record PriceTable(DateOnly Date, string Currency, string Source, ImmutableSortedDictionary<string, RegionPrices> Regions)
{
    /// <summary>The table as a report names it.</summary>
    public string NameIn(string region) => FormattableString.Invariant($"{region}, list prices of {Date:yyyy-MM-dd} in {Currency}");

    /// <summary>The prices of a region.</summary>
    /// <exception cref="KeyNotFoundException">There are none; the message says which there are, and how to add one.</exception>
    public RegionPrices Of(string region) => Regions.TryGetValue(region, out RegionPrices? prices)
        ? prices
        : throw new KeyNotFoundException(
            $"There are no prices for the region '{region}'; there are for: {string.Join(", ", Regions.Keys)}. Copy config/prices.json, add the region under \"Regions\" with AWS's list prices, and give the file with --prices FILE.");
}

/// <summary>What a region charges.</summary>
public sealed record RegionPrices
{
    /// <summary>A million invocations of a function.</summary>
    public required double LambdaMillionRequests { get; init; }

    /// <summary>A GB-second of a function on x86_64.</summary>
    public required double LambdaGbSecondX86 { get; init; }

    /// <summary>A GB-second of a function on arm64.</summary>
    public required double LambdaGbSecondArm { get; init; }

    /// <summary>A shard of a provisioned stream, per hour.</summary>
    public required double KinesisShardHour { get; init; }

    /// <summary>A million PUT payload units of 25 KB.</summary>
    public required double KinesisMillionPutUnits { get; init; }

    /// <summary>A consumer with enhanced fan-out, per shard and hour.</summary>
    public required double FanOutShardHour { get; init; }

    /// <summary>A GB read with enhanced fan-out.</summary>
    public required double FanOutGb { get; init; }
}

/// <summary>What a function's machine code is for.</summary>
public enum Architecture
{
    /// <summary>x86_64, AWS's default.</summary>
    X86,

    /// <summary>arm64 (Graviton).</summary>
    Arm,
}
