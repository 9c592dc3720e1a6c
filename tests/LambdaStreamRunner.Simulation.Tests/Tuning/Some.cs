using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

/// <summary>Values that a test does not care about.</summary>
internal static class Some
{
    public static RegionPrices Prices { get; } = new()
    {
        LambdaMillionRequests = 0.20,
        LambdaGbSecondX86 = 0.0000166667,
        LambdaGbSecondArm = 0.0000133334,
        KinesisShardHour = 0.015,
        KinesisMillionPutUnits = 0.014,
        FanOutShardHour = 0.015,
        FanOutGb = 0.013,
    };

    public static SimulationFigures Figures { get; } = new()
    {
        IsStable = true,
        Records = 1_000_000,
        Succeeded = 1_000_000,
        Discarded = 0,
        DiscardedByAge = 0,
        InnocentCasualties = 0,
        Expired = 0,
        Deliveries = 1_000_000,
        DuplicateDeliveries = 0,
        Invocations = 1_000_000,
        FailedInvocations = 0,
        Throttles = 0,
        ColdStarts = 0,
        Retries = 0,
        Bisections = 0,
        Billed = TimeSpan.Zero,
        Bytes = 0,
        PutUnits = 0,
        Duration = TimeSpan.FromHours(1),
        DrainTime = TimeSpan.FromSeconds(1),
        IteratorAge = default,
        Latency = default,
        LatencyParts = default,
        Concurrency = new ConcurrencyFigures(1, 0.5, 1, ConcurrencyBound.ArrivalRate),
        Batches = new BatchFigures(0, 0, 0, ImmutableDictionary<FlushReason, long>.Empty),
        Lanes = [],
        HotKeys = [],
        DistinctKeys = 100,
    };

    public static Estimate Exactly(double value) => new(value, value, value);

    public static TunedPoint Point(double cost = 1, double age = 100, double duplicates = 0, double peak = 1, int batchSize = 100, SimulationFigures? figures = null) =>
        new(new TunedSetting(1, new EventSourceMapping { BatchSize = batchSize }), new CostPerMillion(cost, 0, 0, 0), Exactly(age), Exactly(age), Exactly(age),
            Exactly(duplicates), Exactly(peak), Exactly(1_000), figures ?? Figures, 10);
}
