using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Meters;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Traffic;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation;

/// <summary>Reads the figures off a run that has ended.</summary>
internal sealed class RunReading(
    SimulationPlan plan, StreamTraffic traffic, KeyCounts keys, RunMeter meter, ModelledFunction function, SimulationLoop loop, TrafficTotals totals, TrafficTotals warmUp)
{
    /// <param name="isOverwhelmed">It was ended because of its backlog.</param>
    /// <param name="isGrowing">It came to its end, and the backlog grew as long as traffic came.</param>
    public SimulationFigures Read(bool isOverwhelmed, bool isGrowing)
    {
        if (!isOverwhelmed && totals.Records == meter.Resolved)
            meter.Law.Check(meter.Concurrency.Seconds, totals.Records, totals.Arrivals);
        ImmutableArray<LaneFigures> lanes = Lanes();
        BatchFigures batches = meter.Batches;
        ImmutableArray<KeyShare> hot = HotKeys();
        var figures = new SimulationFigures
        {
            IsStable = !isOverwhelmed && !isGrowing,
            Records = totals.Records - warmUp.Records,
            Succeeded = meter.Succeeded,
            Discarded = meter.Discarded,
            DiscardedByAge = meter.DiscardedByAge,
            InnocentCasualties = meter.InnocentCasualties,
            Expired = isOverwhelmed ? 0 : totals.Records - warmUp.Records - meter.Succeeded - meter.Discarded,
            Deliveries = meter.Deliveries,
            DuplicateDeliveries = meter.DuplicateDeliveries,
            Invocations = meter.Invocations,
            FailedInvocations = meter.FailedInvocations,
            Throttles = meter.Throttles,
            ColdStarts = function.ColdStarts - meter.WarmUp.ColdStarts,
            Retries = meter.Retries,
            Bisections = loop.Shards.Sum(shard => loop.FindMachine(shard)?.Counters.Bisections ?? 0) - meter.WarmUp.Bisections,
            Billed = new TimeSpan(meter.BilledTicks),
            Bytes = totals.Bytes - warmUp.Bytes,
            PutUnits = totals.PutUnits - warmUp.PutUnits,
            Duration = Duration,
            DrainTime = new TimeSpan(Math.Max(0, meter.End - totals.Last)),
            IteratorAge = meter.IteratorAge.Read(),
            Latency = meter.Latency.Read(),
            LatencyParts = new LatencyParts(meter.Poll.Read(), meter.Window.Read(), meter.Waiting.Read(), meter.Handler.Read(), meter.Retry.Read()),
            Concurrency = default,
            Batches = batches,
            Lanes = lanes,
            HotKeys = hot,
            DistinctKeys = keys.Distinct,
            Course = meter.Course?.Read() ?? [],
            WorstMinute = meter.Course?.ReadWorstMinute() ?? [],
        };
        return figures with { Concurrency = ConcurrencyOf(figures) };
    }

    // Without a warm-up the run begins with its traffic.
    private TimeSpan Duration => new(Math.Max(0, meter.End - (plan.From + plan.WarmUp).Ticks));

    private double Seconds => Duration.TotalSeconds;

    private double TrafficSeconds => Math.Max(1e-3, ((plan.Until ?? traffic.Duration) - plan.From).TotalSeconds);

    private ConcurrencyFigures ConcurrencyOf(SimulationFigures figures)
    {
        int ceiling = Math.Min(meter.LanesMax, plan.ReservedConcurrency ?? ModelledFunction.AccountConcurrency);
        double mean = Seconds > 0 ? meter.Concurrency.CountedSeconds / Seconds : 0;
        double laneSeconds = meter.Lanes.Sum(lane => (double)lane.OpenTicks(meter.End) / TimeSpan.TicksPerSecond);
        return new ConcurrencyFigures(meter.Concurrency.Peak, mean, ceiling, Binding.Of(plan.Setting, figures, meter.Concurrency.Peak, laneSeconds));
    }

    private ImmutableArray<LaneFigures> Lanes() => [.. meter.Lanes.Select(lane => lane.Read(meter.End))];

    private ImmutableArray<KeyShare> HotKeys()
    {
        double rate = totals.Records / TrafficSeconds;
        double payload = totals.Records == 0 ? 0 : (double)totals.Bytes / totals.Records;
        double perRecord = 1 / QueueingTheory.LaneCapacity(plan.Handler, QueueingTheory.EffectiveBatchSize(plan.Setting.Mapping.BatchSize, payload));
        return [.. keys.Busiest.Select(key => new KeyShare(traffic.NameOf(key.Hash), key.Share, key.Share * rate * perRecord))];
    }
}
