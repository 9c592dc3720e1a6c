using CsCheck;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tests.Oracles;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Tests;

/// <summary>Whatever is simulated: the figures of a run do not contradict each other.</summary>
public class FiguresAgree
{
    private static readonly Gen<EventSourceMapping> Mappings =
        from batchSize in Gen.Int[1, 60]
        from window in OneOf(0, 0, 1, 5, 120)
        from factor in Gen.Int[1, 6]
        from bisect in Gen.Bool
        from retries in OneOf(EventSourceMapping.Unlimited, 0, 0, 1, 1, 1, 3, 3)
        from ages in Gen.Bool
        from reports in Gen.Bool
        from policy in Gen.Enum<LanePolicy>()
        from pushes in Gen.Bool
        select new EventSourceMapping
        {
            BatchSize = batchSize,
            MaximumBatchingWindow = TimeSpan.FromSeconds(window),
            ParallelizationFactor = factor,
            BisectBatchOnFunctionError = bisect,
            MaximumRetryAttempts = retries,
            MaximumRecordAge = ages ? TimeSpan.FromSeconds(60) : null,
            FunctionResponseTypes = reports ? [FunctionResponseType.ReportBatchItemFailures] : [],
            LanePolicy = policy,
            Polling = pushes ? PollingMode.Push : PollingMode.Aws,
        };

    private static readonly Gen<FailureModel> Failures =
        from poison in OneOf(0.0, 0.0, 0.002, 0.05)
        from transient in OneOf(0.0, 0.0, 0.1)
        from hasOutage in Gen.Bool
        select new FailureModel { PoisonRate = poison, TransientRate = transient, Outages = hasOutage ? [new Outage(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6))] : [] };

    private static readonly Gen<(SimulationPlan Plan, TestTraffic Traffic)> Runs =
        from mapping in Mappings
        from failures in Failures
        from shards in Gen.Int[1, 4]
        from perSecond in Gen.Double[1, 300]
        from records in Gen.Int[1, 1_500]
        from keys in OneOf(0, 1, 5, 200)
        from milliseconds in OneOf(1, 20, 400)
        from seed in Gen.Int[1, 1_000_000]
        from concurrency in OneOf(1_000, 1_000, 2)
        from warmUp in OneOf(0, 0, 2)
        from reshards in OneOf(0, 0, 1, 5)
        from timing in Gen.Enum<StreamTiming>()
        select (new SimulationPlan
        {
            Setting = new TunedSetting(shards, mapping),
            Handler = new HandlerModel { Fixed = TimeSpan.FromMilliseconds(milliseconds), PerRecord = TimeSpan.FromMilliseconds(0.5), Variation = [0.5, 1, 1, 20], ColdStarts = [TimeSpan.FromMilliseconds(300)] },
            Failures = failures,
            Timing = timing,
            Seed = seed,
            ReservedConcurrency = concurrency,
            WarmUp = TimeSpan.FromSeconds(warmUp),
            Reshards = reshards == 0 ? [] : [new PlannedReshard(TimeSpan.FromSeconds(1), reshards)],
            WithCourse = true,
        },
        TestTraffic.Poisson(perSecond, records, keys, seed));

    [Fact]
    public void In_random_runs() => Runs.Sample(run => Check(run.Plan, new Simulator(run.Traffic).Run(run.Plan)), iter: 120, writeLine: Console.WriteLine);

    [Fact]
    public void With_more_equal_times_than_an_index_holds()
    {
        SimulationPlan plan = OracleRun.Plan(OracleRun.TwentyAndOne, new EventSourceMapping { BatchSize = 10_000 }) with { Reshards = [new PlannedReshard(TimeSpan.FromSeconds(2), 2)] };

        Check(plan, OracleRun.Of(TestTraffic.AtOnce(70_000), plan));
    }

    [Fact]
    public void The_mean_concurrency_counts_the_first_invocation()
    {
        SimulationPlan plan = OracleRun.Plan(new HandlerModel { Fixed = TimeSpan.FromSeconds(1) }, new EventSourceMapping { BatchSize = 1 });

        SimulationFigures figures = OracleRun.Of(TestTraffic.At(0, 2), plan);

        Assert.Equal(2.0 / 3, figures.Concurrency.Mean, 1e-9);
    }

    [Fact]
    public void What_is_left_of_a_batch_whose_first_records_were_too_old_is_a_batch_of_its_own()
    {
        var mapping = new EventSourceMapping { BatchSize = 100, MaximumBatchingWindow = TimeSpan.FromSeconds(120), MaximumRecordAge = TimeSpan.FromSeconds(60) };

        SimulationFigures figures = OracleRun.Of(TestTraffic.At(10, 100), OracleRun.Plan(OracleRun.TwentyAndOne, mapping));

        Assert.Equal((1, 1, 1), (figures.Discarded, figures.Batches.Count, figures.Invocations));
        Assert.Equal(0, figures.LatencyParts.Retry.Mean);
        Assert.Equal(20_000, figures.LatencyParts.Window.Mean, 1e-6);
    }

    [Fact]
    public void Records_that_are_too_old_are_nobodys_victims()
    {
        var mapping = new EventSourceMapping { BatchSize = 1, MaximumRecordAge = TimeSpan.FromSeconds(60) };

        SimulationFigures figures = OracleRun.Of(TestTraffic.Poisson(10, 2_000), OracleRun.Plan(new HandlerModel { Fixed = TimeSpan.FromSeconds(1) }, mapping));

        Assert.True(figures.DiscardedByAge > 500);
        Assert.Equal(0, figures.InnocentCasualties);
    }

    [Fact]
    public void A_load_of_many_times_the_capacity_is_not_stable_however_short_the_traffic_is()
    {
        SimulationFigures figures = OracleRun.Of(TestTraffic.Poisson(1_000, 20_000), OracleRun.Plan(new HandlerModel { Fixed = TimeSpan.FromMilliseconds(10) }, new EventSourceMapping { BatchSize = 1 }));

        Assert.False(figures.IsStable);
        Assert.Equal(figures.Records, figures.Succeeded);
    }

    [Fact]
    public void A_burst_that_is_worked_off_is_stable()
    {
        var mapping = new EventSourceMapping { BatchSize = 10, ParallelizationFactor = 2 };

        SimulationFigures figures = OracleRun.Of(TestTraffic.Poisson(150, 20_000), OracleRun.Plan(OracleRun.TwentyAndOne, mapping));

        Assert.True(figures.IsStable);
    }

    [Fact]
    public void Every_lane_is_told_of_also_idle_ones()
    {
        SimulationFigures figures = OracleRun.Of(
            TestTraffic.Poisson(100, 500, keys: 1), OracleRun.Plan(OracleRun.TwentyAndOne, new EventSourceMapping { ParallelizationFactor = 7 }, shards: 3));

        Assert.Equal(21, figures.Lanes.Length);
    }

    [Fact]
    public void Invocations_are_billed_by_begun_milliseconds()
    {
        SimulationFigures figures = OracleRun.Of(
            TestTraffic.Poisson(10, 500), OracleRun.Plan(new HandlerModel { Fixed = TimeSpan.FromMicroseconds(100) }, new EventSourceMapping { BatchSize = 1 }));

        Assert.Equal(TimeSpan.FromMilliseconds(500), figures.Billed);
    }

    [Fact]
    public void A_timeout_costs_its_environment()
    {
        SimulationPlan plan = OracleRun.Plan(
            new HandlerModel { Fixed = TimeSpan.FromSeconds(10), ColdStarts = [TimeSpan.FromMilliseconds(100)] }, new EventSourceMapping { BatchSize = 1, MaximumRetryAttempts = 0 });

        SimulationFigures figures = OracleRun.Of(TestTraffic.Poisson(1, 20), plan);

        Assert.Equal((20, 20), (figures.FailedInvocations, figures.ColdStarts));
    }

    [Fact]
    public void A_traffic_that_is_longer_than_can_be_simulated_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Simulator(TestTraffic.At(0, 700 * 86_400)));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(place => values[place]);

    private static void Check(SimulationPlan plan, SimulationFigures figures)
    {
        Assert.Equal(figures.Records, figures.Succeeded + figures.Discarded + figures.Expired);
        Assert.InRange(figures.Expired, 0, figures.Records);
        Assert.InRange(figures.InnocentCasualties + figures.DiscardedByAge, 0, figures.Discarded);
        Assert.InRange(figures.DuplicateDeliveries, 0, figures.Deliveries);
        if (plan.WarmUp == TimeSpan.Zero)
            Assert.InRange(figures.Deliveries - figures.DuplicateDeliveries, figures.Succeeded, figures.Records);
        Assert.InRange(figures.FailedInvocations, 0, figures.Invocations);
        Assert.Equal(figures.Succeeded, figures.Latency.Count);
        LatencyParts parts = figures.LatencyParts;
        double sum = parts.Poll.Mean + parts.Window.Mean + parts.Waiting.Mean + parts.Handler.Mean + parts.Retry.Mean;
        Assert.Equal(figures.Latency.Mean, sum, Math.Max(1e-6, 1e-9 * sum));
        Assert.All([parts.Poll, parts.Window, parts.Waiting, parts.Handler, parts.Retry, figures.Latency, figures.IteratorAge], CheckOrder);
        Assert.InRange(figures.Concurrency.Mean, 0, figures.Concurrency.Peak + 1e-9);
        Assert.InRange(figures.Concurrency.Peak, 0, figures.Concurrency.Ceiling);
        Assert.All(figures.Lanes, lane => Assert.InRange(lane.Busy, 0, 1 + 1e-9));
        Assert.All(figures.Lanes, lane => Assert.True(lane.LongestBlock <= lane.Blocked && lane.Blocked >= TimeSpan.Zero));
        Assert.Equal((plan.Setting.Shards + plan.Reshards.Sum(reshard => reshard.Shards)) * plan.Setting.Mapping.ParallelizationFactor, figures.Lanes.Length);
        Assert.True(figures.Billed.TotalSeconds + 1e-6 >= (plan.WarmUp == TimeSpan.Zero ? figures.Concurrency.Mean * figures.Duration.TotalSeconds : 0));
        Assert.InRange(figures.Batches.Mean, 0, plan.Setting.Mapping.BatchSize);
    }

    private static void CheckOrder(Distribution distribution)
    {
        Assert.True(distribution.Mean >= 0 && distribution.P10 >= 0);
        Assert.True(distribution.P10 <= distribution.P50 && distribution.P50 <= distribution.P90 && distribution.P90 <= distribution.P99 && distribution.P99 <= distribution.Max);
    }
}
