using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>What a search is asked for.</summary>
public sealed record TuningRequest
{
    /// <summary>What comes into the stream.</summary>
    public required StreamTraffic Traffic { get; init; }

    /// <summary>How long the function takes.</summary>
    public required HandlerModel Handler { get; init; }

    /// <summary>What goes wrong.</summary>
    public FailureModel Failures { get; init; } = FailureModel.None;

    /// <summary>The settings to look at.</summary>
    public required SettingGrid Grid { get; init; }

    /// <summary>What the chosen setting must keep; null for none.</summary>
    public ServiceLevelObjective? Objective { get; init; }

    /// <summary>What the region charges.</summary>
    public required RegionPrices Prices { get; init; }

    /// <summary>The price table, for people.</summary>
    public required string PricesName { get; init; }

    /// <summary>What the function's machine code is for.</summary>
    public Architecture Architecture { get; init; } = Architecture.X86;

    /// <summary>Settings that could run more invocations at the same time than this are left out. Null: none is.</summary>
    public int? ConcurrencyMax { get; init; }

    /// <summary>The function's reserved concurrency; null: 1,000, the default limit of an account.</summary>
    public int? ReservedConcurrency { get; init; }

    /// <summary>How long records take to the poller.</summary>
    public StreamTiming Timing { get; init; } = StreamTiming.Aws;

    /// <summary>The first seed; the final runs have this one and those that follow.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Seeds of the final runs. 2 or more, 10 by default.</summary>
    public int Replications { get; init; } = 10;

    /// <summary>Simulations at the same time; they change nothing but the time it takes. All cores by default.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>How a setting is simulated with a seed.</summary>
    internal SimulationPlan PlanOf(TunedSetting setting, long seed, TrafficSlice slice) => new()
    {
        Setting = setting,
        Handler = Handler,
        Failures = Failures,
        Timing = Timing,
        ReservedConcurrency = ReservedConcurrency,
        Seed = seed,
        From = slice.From,
        Until = slice.Until,
        WarmUp = slice.WarmUp,
    };

    /// <summary>The seeds of the final runs.</summary>
    internal IEnumerable<long> Seeds() => Enumerable.Range(0, Math.Max(1, Replications)).Select(i => Seed + i);

    /// <summary>Most invocations that a setting can run at once.</summary>
    internal int LanesOf(TunedSetting setting) => Math.Min(setting.ConcurrencyCeiling, ReservedConcurrency ?? AccountConcurrency);

    /// <summary>The default limit of an account's concurrent executions in a region.</summary>
    internal const int AccountConcurrency = 1_000;

    /// <summary>A setting under the other lane policy.</summary>
    internal static TunedSetting WithOtherLanePolicy(TunedSetting setting) => setting with
    {
        Mapping = setting.Mapping with { LanePolicy = setting.Mapping.LanePolicy is LanePolicy.HashLanes ? LanePolicy.DynamicKeys : LanePolicy.HashLanes },
    };
}
