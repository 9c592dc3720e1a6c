using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Meters;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation;

/// <summary>Reads the figures off a run that has ended.</summary>
internal sealed class RunReading(
    SimulationPlan plan, StreamTraffic traffic, KeyCounts keys, RunMeter meter, ModelledFunction function, SimulationLoop loop, TrafficTotals totals, TrafficTotals warmUp)
{
    public SimulationFigures Read(bool isStable)
    {
        long expired = isStable ? totals.Records - meter.Resolved : 0;
        if (isStable && expired == 0)
            meter.Law.Check(meter.Concurrency.Seconds, totals.Records, totals.Arrivals);
        var counters = loop.Shards.Select(shard => loop.FindMachine(shard)?.Counters ?? default).ToList();
        ImmutableArray<LaneFigures> lanes = Lanes();
        BatchFigures batches = meter.Batches;
        ImmutableArray<KeyShare> hot = HotKeys(batches);
        var figures = new SimulationFigures
        {
            IsStable = isStable,
            Records = totals.Records - warmUp.Records,
            Succeeded = meter.Succeeded,
            Discarded = meter.Discarded,
            DiscardedByAge = meter.DiscardedByAge,
            InnocentCasualties = meter.InnocentCasualties,
            Expired = expired,
            Deliveries = meter.Deliveries,
            DuplicateDeliveries = meter.DuplicateDeliveries,
            Invocations = meter.Invocations,
            FailedInvocations = meter.FailedInvocations,
            Throttles = meter.Throttles,
            ColdStarts = function.ColdStarts,
            Retries = counters.Sum(counter => counter.Retries),
            Bisections = counters.Sum(counter => counter.Bisections),
            Billed = new TimeSpan(meter.BilledTicks),
            Bytes = totals.Bytes - warmUp.Bytes,
            PutUnits = totals.PutUnits - warmUp.PutUnits,
            Duration = Duration,
            DrainTime = new TimeSpan(Math.Max(0, meter.LastResolved - totals.Last)),
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
    private TimeSpan Duration => new(Math.Max(0, meter.LastResolved - (plan.From + plan.WarmUp).Ticks));

    private double Seconds => Duration.TotalSeconds;

    private double TrafficSeconds => Math.Max(1e-3, ((plan.Until ?? traffic.Duration) - plan.From).TotalSeconds);

    private ConcurrencyFigures ConcurrencyOf(SimulationFigures figures)
    {
        int lanes = plan.Setting.ConcurrencyCeiling;
        int ceiling = Math.Min(lanes, plan.ReservedConcurrency ?? ModelledFunction.AccountConcurrency);
        double mean = Seconds > 0 ? (meter.Concurrency.Seconds - meter.WarmUpConcurrencySeconds) / Seconds : 0;
        return new ConcurrencyFigures(meter.Concurrency.Peak, mean, ceiling, Binding.Of(plan.Setting, figures, meter.Concurrency.Peak));
    }

    private ImmutableArray<LaneFigures> Lanes()
    {
        double seconds = Math.Max(1e-9, (double)(meter.LastResolved - plan.From.Ticks) / TimeSpan.TicksPerSecond);
        return [.. meter.Lanes.Select(lane => lane.Read(seconds))];
    }

    private ImmutableArray<KeyShare> HotKeys(BatchFigures batches)
    {
        double rate = totals.Records / TrafficSeconds;
        double perRecord = plan.Handler.PerRecord.TotalSeconds + (plan.Handler.Fixed.TotalSeconds / Math.Max(1, batches.Mean));
        return [.. keys.Busiest.Select(key => new KeyShare(traffic.NameOf(key.Hash), key.Share, key.Share * rate * perRecord))];
    }
}
