using CsCheck;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;
using static LambdaStreamRunner.Simulation.Tests.Oracles.OracleRun;

namespace LambdaStreamRunner.Simulation.Tests.Oracles;

/// <summary>What must hold between two runs, whatever their figures are.</summary>
public class MetamorphicOracles
{
    private static readonly Gen<(double PerSecond, int Batch, int Lanes, int Seed)> Loads =
        Gen.Select(Gen.Double[20, 300], Gen.Int[1, 50], Gen.Int[1, 9], Gen.Int[1, 100_000]);

    /// <summary>Twice as slow in everything is twice the latency, to the tick.</summary>
    [Fact]
    public void Slowing_down_time_scales_every_latency() => Gen.Select(Loads, Gen.Int[2, 5]).Sample(
        (load, times) =>
        {
            TestTraffic traffic = TestTraffic.Poisson(load.PerSecond, 2_000, keys: 40, seed: load.Seed);
            var mapping = new EventSourceMapping { BatchSize = load.Batch, ParallelizationFactor = load.Lanes };
            var slower = new HandlerModel { Fixed = TwentyAndOne.Fixed * times, PerRecord = TwentyAndOne.PerRecord * times, Timeout = TwentyAndOne.Timeout };

            SimulationFigures figures = Of(traffic, Plan(TwentyAndOne, mapping));
            SimulationFigures scaled = Of(traffic.Slower(times), Plan(slower, mapping));

            Assert.Equal(figures.Invocations, scaled.Invocations);
            Assert.Equal(figures.Latency.Mean * times, scaled.Latency.Mean, 1e-6);
            Assert.Equal(figures.Latency.Max * times, scaled.Latency.Max, 1e-6);
            Assert.Equal(figures.Duration * times, scaled.Duration);
        },
        iter: 40, writeLine: Console.WriteLine);

    /// <summary>With keys that are all different and one record at a time, a record never begins later because there is one lane more.</summary>
    [Fact]
    public void One_more_lane_is_never_worse() => Loads.Sample(
        load =>
        {
            TestTraffic traffic = TestTraffic.Poisson(load.PerSecond, 2_000, seed: load.Seed);
            var mapping = new EventSourceMapping { BatchSize = 1, ParallelizationFactor = load.Lanes, LanePolicy = LanePolicy.DynamicKeys };

            SimulationFigures figures = Of(traffic, Plan(TwentyAndOne, mapping));
            SimulationFigures more = Of(traffic, Plan(TwentyAndOne, mapping with { ParallelizationFactor = load.Lanes + 1 }));

            Assert.True(more.Latency.Max <= figures.Latency.Max, $"{more.Latency.Max} ms with one lane more, {figures.Latency.Max} ms without.");
            Assert.True(more.Latency.Mean <= figures.Latency.Mean, $"{more.Latency.Mean} ms with one lane more, {figures.Latency.Mean} ms without.");
        },
        iter: 60, writeLine: Console.WriteLine);

    [Fact]
    public void Poison_records_never_make_it_cheaper() => Gen.Select(Loads, Gen.Double[0.001, 0.05], Gen.Bool, Gen.Bool).Sample(
        (load, rate, bisects, reports) =>
        {
            TestTraffic traffic = TestTraffic.Poisson(load.PerSecond, 2_000, keys: 40, seed: load.Seed);
            SimulationPlan plan = Plan(TwentyAndOne, new EventSourceMapping
            {
                BatchSize = load.Batch,
                ParallelizationFactor = load.Lanes,
                BisectBatchOnFunctionError = bisects,
                MaximumRetryAttempts = 1,
                FunctionResponseTypes = reports ? [FunctionResponseType.ReportBatchItemFailures] : [],
            });

            SimulationFigures figures = Of(traffic, plan);
            SimulationFigures poisoned = Of(traffic, plan with { Failures = new FailureModel { PoisonRate = rate } });

            Assert.True(poisoned.Deliveries >= figures.Deliveries);
            Assert.True(poisoned.DuplicateDeliveries >= figures.DuplicateDeliveries);
            Assert.True(poisoned.Discarded >= figures.Discarded);
        },
        iter: 60, writeLine: Console.WriteLine);

    /// <summary>Common random numbers: what fails is the same under every setting.</summary>
    [Fact]
    public void The_same_records_are_poison_under_every_setting() => Loads.Sample(
        load =>
        {
            TestTraffic traffic = TestTraffic.Poisson(load.PerSecond, 2_000, keys: 40, seed: load.Seed);
            var mapping = new EventSourceMapping { BatchSize = load.Batch, ParallelizationFactor = load.Lanes, BisectBatchOnFunctionError = true, MaximumRetryAttempts = 0 };
            SimulationPlan plan = Plan(TwentyAndOne, mapping) with { Failures = new FailureModel { PoisonRate = 0.01 } };

            SimulationFigures one = Of(traffic, plan);
            SimulationFigures other = Of(traffic, plan with { Setting = new TunedSetting(3, plan.Setting.Mapping with { BatchSize = 7 }) });

            Assert.Equal((one.Discarded, one.InnocentCasualties), (other.Discarded, other.InnocentCasualties));
        },
        iter: 30, writeLine: Console.WriteLine);

    [Fact]
    public void The_same_plan_gives_the_same_figures() => Loads.Sample(
        load =>
        {
            TestTraffic traffic = TestTraffic.Poisson(load.PerSecond, 2_000, keys: 40, seed: load.Seed);
            SimulationPlan plan = Plan(Exponential(TimeSpan.FromMilliseconds(20)), new EventSourceMapping { BatchSize = load.Batch, ParallelizationFactor = load.Lanes })
                with
            { Timing = StreamTiming.Aws, Failures = new FailureModel { TransientRate = 0.05 } };

            SimulationFigures one = Of(traffic, plan);
            SimulationFigures other = Of(traffic, plan);

            Assert.Equal(one.Latency, other.Latency);
            Assert.Equal((one.Invocations, one.Retries, one.Billed), (other.Invocations, other.Retries, other.Billed));
        },
        iter: 20, writeLine: Console.WriteLine);
}
