using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Traffic;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

/// <summary>A formula in the place of a simulation: smooth enough to know what a search must find, with an error that the seed decides, the same for all settings.</summary>
internal sealed class ModelledStream(StreamTraffic traffic)
{
    private readonly Dictionary<(TimeSpan, TimeSpan?), double> _rates = [];

    public SimulationFigures Run(SimulationPlan plan, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        TunedSetting setting = plan.Setting;
        (double rate, long records) = RateOf(plan);
        double noise = 1 + (0.02 * Math.Sin(plan.Seed * 12.9898));
        double lane = rate / setting.ConcurrencyCeiling;
        double gap = Math.Max(setting.Mapping.MaximumBatchingWindow.TotalSeconds, setting.HasEnhancedFanOut ? 0.05 : 1);
        double batch = Math.Clamp(lane * gap, 1, setting.Mapping.BatchSize);
        double load = lane / QueueingTheory.LaneCapacity(plan.Handler, setting.Mapping.BatchSize);
        bool isStable = load < 1;
        double service = plan.Handler.DurationOf(1).TotalSeconds + (plan.Handler.PerRecord.TotalSeconds * (batch - 1));
        double age = ((Math.Min(gap, batch / lane) + (service / Math.Max(0.01, 1 - load))) * 1_000 * noise);
        long invocations = (long)(records / batch);
        double failed = plan.Failures.TransientRate;
        return Some.Figures with
        {
            IsStable = isStable,
            Records = records,
            Succeeded = records,
            Deliveries = (long)(records * (1 + failed)),
            DuplicateDeliveries = (long)(records * failed * Math.Log(1 + batch)),
            Invocations = invocations,
            Billed = plan.Handler.DurationOf(1) * invocations * noise,
            Bytes = records * 100,
            PutUnits = records,
            IteratorAge = new Distribution(invocations, age / 2, age / 10, age / 2, age * 0.9, age * 0.95, age, age * 1.2),
            Latency = new Distribution(records, age * 0.6, age / 10, age * 0.6, age, age, age * 1.1, age * 1.3),
            Concurrency = new ConcurrencyFigures((int)Math.Ceiling(setting.ConcurrencyCeiling * Math.Min(1, load + 0.3)), load, setting.ConcurrencyCeiling, ConcurrencyBound.ArrivalRate),
            Batches = new BatchFigures(invocations, batch, (int)batch, ImmutableDictionary<FlushReason, long>.Empty.Add(FlushReason.Window, invocations)),
            Lanes = [new LaneFigures(0, 0, records, load, TimeSpan.Zero, BlockedBy(plan))],
        };
    }

    private static TimeSpan BlockedBy(SimulationPlan plan) =>
        plan.Failures.PoisonRecords.IsEmpty ? TimeSpan.Zero : TimeSpan.FromSeconds(plan.Setting.Mapping.ReportsBatchItemFailures ? 6 : 41);

    private (double Rate, long Records) RateOf(SimulationPlan plan)
    {
        TimeSpan from = plan.From + plan.WarmUp;
        TimeSpan until = plan.Until ?? traffic.Duration;
        double seconds = Math.Max(1e-3, (until - from).TotalSeconds);
        lock (_rates)
        {
            if (!_rates.TryGetValue((from, plan.Until), out double rate))
                _rates[(from, plan.Until)] = rate = traffic.ReadFrom(from).Sum(block => block.ToArray().Count(arrival => arrival.Time <= until)) / seconds;
            return (rate, (long)Math.Round(rate * seconds));
        }
    }
}
