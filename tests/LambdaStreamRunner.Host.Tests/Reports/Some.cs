using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Host.Reports;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Tests.Reports;

/// <summary>A search and a simulation as they could be: 3,000 records a second, a handler of 20 ms + 1 ms per record, some poison.</summary>
internal static class Some
{
    public const double RecordsPerSecond = 3_000;
    public const string HostileKey = "</script><img src=x onerror=\"window.pwned=1\"><!--{{7*7}}";

    public static readonly HandlerModel Handler = new() { Fixed = TimeSpan.FromMilliseconds(20), PerRecord = TimeSpan.FromMilliseconds(1), MemorySize = 512, ColdStarts = [TimeSpan.FromMilliseconds(180)] };

    public static readonly ReportOrigin Origin = new(
        "lambda-stream tune --trace access.csv --handler-model '20ms + 1ms/record' --slo 'iteratorAge.p99 < 2s' --report tune.html",
        "clicks", "AccessLog", new DateTimeOffset(2026, 11, 20, 9, 30, 0, TimeSpan.Zero));

    private static readonly int[] BatchSizes = [1, 10, 25, 50, 100, 250, 500, 1_000, 2_500];
    private static readonly int[] Windows = [0, 1, 2, 5, 10];
    private static readonly int[] Factors = [2, 4, 8, 10];

    public static TunedSetting Setting(int shards, int batchSize, int window, int factor, LanePolicy lanePolicy = LanePolicy.HashLanes) => new(shards, new EventSourceMapping
    {
        BatchSize = batchSize,
        MaximumBatchingWindow = TimeSpan.FromSeconds(window),
        ParallelizationFactor = factor,
        BisectBatchOnFunctionError = true,
        MaximumRetryAttempts = 2,
        FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures],
        LanePolicy = lanePolicy,
        Polling = PollingMode.Aws,
    });

    public static Distribution Distribution(double p50, double p99) => new(1_800_000, p50 * 1.1, p50 * 0.4, p50, p50 + ((p99 - p50) * 0.5), p50 + ((p99 - p50) * 0.7), p99, p99 * 1.3);

    /// <summary>Rough queueing: enough that the trade-offs look as they do in life.</summary>
    public static TunedPoint Point(TunedSetting setting, int runs = 10)
    {
        int lanes = setting.ConcurrencyCeiling;
        double window = setting.Mapping.MaximumBatchingWindow.TotalSeconds, rate = RecordsPerSecond / lanes;
        double batch = Math.Clamp(rate * Math.Max(window, 1), 1, setting.Mapping.BatchSize);
        double service = 0.020 + (0.001 * batch), busy = Math.Min(0.98, rate / batch * service);
        double age = 450 + (900 / Math.Sqrt(lanes)) + (1_000 * (window * 0.85)) + (service * 1_000 * busy / (1 - busy));
        double compute = 1e6 / batch * service * 0.5 * 1.66667e-5, noise = 1 + (0.03 * Math.Sin((setting.Mapping.BatchSize * 7) + lanes));
        return new TunedPoint(
            setting, new CostPerMillion(0.2 / batch, compute, setting.Shards * 0.015 / 1.8, 0), Around(age * noise, runs), Around(age * 0.55, runs), Around((age + (service * 1_000)) * noise, runs),
            Around(2 + (batch / 60), runs), Around(Math.Ceiling(lanes * Math.Min(1, busy + 0.2)), runs), Around(1e6 / batch, runs),
            Figures(setting, batch, age * noise, service * 1_000), runs);
    }

    public static TuningResult Result()
    {
        ImmutableArray<TunedPoint> explored = [.. from shards in (int[])[2, 4, 8] from batch in BatchSizes from window in Windows from factor in Factors select Point(Setting(shards, batch, window, factor), 1)];
        ImmutableArray<TunedPoint> frontier = [.. explored.Where(point => !explored.Any(other => Beats(other, point))).Select(point => Point(point.Setting)).OrderBy(point => point.Cost.Total)];
        TunedPoint chosen = frontier.First(point => point.IteratorAgeP99.High < 2_000);
        TunedSetting other = chosen.Setting with { Mapping = chosen.Setting.Mapping with { LanePolicy = LanePolicy.DynamicKeys } };
        return new TuningResult
        {
            Inputs = new TuningInputs(
                "access.csv, 1,800,000 records in 10 min, 4,112 keys", 1_800_000, TimeSpan.FromMinutes(10), Handler, new FailureModel { PoisonRate = 0.0001 }, "iteratorAge.p99 < 2s",
                [.. Enumerable.Range(1, 10).Select(seed => (long)seed)], "us-east-1, 2026-11-01", 2_940),
            Explored = explored,
            Frontier = frontier,
            Chosen = chosen with { Figures = chosen.Figures with { Course = Course(), WorstMinute = WorstMinute(chosen.Setting) } },
            Knee = frontier[frontier.Length / 2],
            NearestFeasible = null,
            Sensitivity = [Knob("BatchSize", chosen, BatchSizes, (s, v) => s with { Mapping = s.Mapping with { BatchSize = v } }), Knob("MaximumBatchingWindowInSeconds", chosen, Windows, (s, v) => s with { Mapping = s.Mapping with { MaximumBatchingWindow = TimeSpan.FromSeconds(v) } }),
                Knob("ParallelizationFactor", chosen, Factors, (s, v) => s with { Mapping = s.Mapping with { ParallelizationFactor = v } }), Knob("ShardCount", chosen, [2, 4, 8], (s, v) => s with { Shards = v })],
            Advice =
            [
                "BatchSize 100 → 500 saves 62 % of invocations and adds 240 ms to p99.",
                "Key `device-1` alone needs 0.83 of a lane: more parallelization will not help.",
                "One poison record blocks its lane 41 s; with ReportBatchItemFailures 6 s.",
            ],
            OtherLanePolicy = Point(other) with { IteratorAgeP99 = Around(1_420, 10) },
            Pruned = [new("Unstable: records come faster than all lanes can process them.", 412), new("BatchSize is never reached: 6 MB are full before.", 210)],
            IsComplete = true,
        };
    }

    public static Verification Verification(TuningResult result, double error = 0.06) => new(
    result.Chosen!.Setting,
    [
        Verified(result.Chosen!, VerificationClock.Accelerated, error),
        Verified(result.Chosen!, VerificationClock.Wall, error * 1.4),
        Verified(result.Frontier[^1], VerificationClock.Accelerated, error * 0.7),
    ]);

    public static SimulatedRun Run() => new(Result().Chosen!.Setting, "Poisson, 500/s for 10 min, 1,000 keys (Zipf 1)", Handler, FailureModel.None, 7, Result().Chosen!.Figures)
    {
        Cost = Result().Chosen!.Cost,
        Prices = "us-east-1, 2026-11-01",
    };

    private static Estimate Around(double mean, int runs) => runs == 1 ? new Estimate(mean, mean, mean) : new Estimate(mean, mean * 0.96, mean * 1.04);

    private static bool Beats(TunedPoint one, TunedPoint other) =>
        one.Cost.Total <= other.Cost.Total && one.IteratorAgeP99.Mean <= other.IteratorAgeP99.Mean
        && (one.Cost.Total < other.Cost.Total || one.IteratorAgeP99.Mean < other.IteratorAgeP99.Mean);

    private static KnobSensitivity Knob(string name, TunedPoint chosen, int[] values, Func<TunedSetting, int, TunedSetting> with) => new(name,
        [.. values.Select(value => (Value: value, Setting: with(chosen.Setting, value))).Select(step => new KnobStep(
            step.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), step.Value == 1 && name == "BatchSize" ? null : Point(step.Setting), step.Setting.IsSameAs(chosen.Setting)))]);

    private static VerifiedRun Verified(TunedPoint point, VerificationClock clock, double error) => new(point.Setting, clock,
    [
        new("latency p50", "ms", point.LatencyP50.Mean, point.LatencyP50.Mean / (1 + error)),
        new("latency p99", "ms", point.LatencyP99.Mean, point.LatencyP99.Mean / (1 - error)),
        new("invocations", "", point.Figures.Invocations, point.Figures.Invocations / (1 + (error / 3))),
        new("mean batch", "records", point.Figures.Batches.Mean, point.Figures.Batches.Mean / (1 - (error / 3))),
    ], 0.041)
    { Invocations = point.Figures.Invocations };

    private static SimulationFigures Figures(TunedSetting setting, double batch, double ageP99, double serviceMs)
    {
        long batches = (long)(1_800_000 / batch);
        return new SimulationFigures
        {
            IsStable = true,
            Records = 1_800_000,
            Succeeded = 1_799_970,
            Discarded = 30,
            DiscardedByAge = 0,
            InnocentCasualties = 4,
            Expired = 0,
            Deliveries = 1_801_900,
            DuplicateDeliveries = 1_900,
            Invocations = batches + 150,
            FailedInvocations = 90,
            Throttles = 0,
            ColdStarts = setting.ConcurrencyCeiling,
            Retries = 40,
            Bisections = 110,
            Billed = TimeSpan.FromMilliseconds(batches * serviceMs),
            Bytes = 61_440_000,
            PutUnits = 1_800_000,
            Duration = TimeSpan.FromMinutes(10.1),
            DrainTime = TimeSpan.FromSeconds(3.4),
            IteratorAge = Distribution(ageP99 * 0.5, ageP99),
            Latency = Distribution(ageP99 * 0.55, ageP99 + serviceMs),
            LatencyParts = new LatencyParts(
                Distribution(480, 1_000), Distribution(setting.Mapping.MaximumBatchingWindow.TotalMilliseconds * 0.4, setting.Mapping.MaximumBatchingWindow.TotalMilliseconds), Distribution(90, 800), Distribution(serviceMs, serviceMs * 1.2), Distribution(0, 350)),
            Concurrency = new ConcurrencyFigures(Math.Min(setting.ConcurrencyCeiling, 6), 2.31, setting.ConcurrencyCeiling, ConcurrencyBound.ArrivalRate),
            Batches = new BatchFigures(batches, batch, setting.Mapping.BatchSize, ImmutableDictionary<FlushReason, long>.Empty.Add(FlushReason.Size, batches / 3).Add(FlushReason.Window, batches - (batches / 3))),
            Lanes = [.. from shard in Enumerable.Range(0, setting.Shards) from lane in Enumerable.Range(0, setting.Mapping.ParallelizationFactor)
                select new LaneFigures(shard, lane, 1_800_000 / setting.ConcurrencyCeiling, 0.2 + (0.6 * Math.Abs(Math.Sin((shard * 5) + lane + 1))), TimeSpan.FromSeconds(4 + lane), TimeSpan.FromSeconds(2))],
            HotKeys = [new("device-1", 0.134, 0.83), new(HostileKey, 0.067, 0.41), new("device-3", 0.045, 0.28), new("device-4", 0.034, 0.21), new("device-5", 0.027, 0.17)],
            DistinctKeys = 4_112,
        };
    }

    private static ImmutableArray<CoursePoint> Course() => [.. Enumerable.Range(0, 200).Select(index => new CoursePoint(
        TimeSpan.FromSeconds(3 * index), 500 + (300 * Math.Sin(index / 14.0)) + (index is > 120 and < 130 ? 900 : 0),
        900 + (200 * Math.Abs(Math.Sin(index))) + (index is > 122 and < 140 ? 900 - (40 * (index - 122)) : 0), 2 + (2 * Math.Abs(Math.Sin(index / 14.0))), 300 + (index is > 120 and < 140 ? 2_000 : 0)))];

    private static ImmutableArray<LaneSpan> WorstMinute(TunedSetting setting) => [.. from shard in Enumerable.Range(0, setting.Shards) from lane in Enumerable.Range(0, setting.Mapping.ParallelizationFactor) from index in Enumerable.Range(0, 55)
        select new LaneSpan(
            shard, lane, TimeSpan.FromSeconds(370 + (index * 1.08) + (lane * 0.1)), TimeSpan.FromSeconds(370 + (index * 1.08) + (lane * 0.1) + 0.15 + (0.5 * Math.Abs(Math.Sin(index + lane)))), 60 + (index % 40), lane == 1 && index is > 20 and < 26 ? index - 19 : 1,
            lane == 1 && index is > 20 and < 25 ? (index % 2 == 0 ? SpanOutcome.Failed : SpanOutcome.PartlyFailed) : lane == 2 && index == 40 ? SpanOutcome.Throttled : SpanOutcome.Succeeded)];
}
