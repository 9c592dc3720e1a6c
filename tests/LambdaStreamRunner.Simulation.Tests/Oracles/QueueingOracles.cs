using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;
using static LambdaStreamRunner.Simulation.Tests.Oracles.OracleRun;

namespace LambdaStreamRunner.Simulation.Tests.Oracles;

/// <summary>The simulation against the closed forms of queueing theory.</summary>
public class QueueingOracles
{
    private static readonly TimeSpan Service = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData(10)]
    [InlineData(25)]
    [InlineData(40)]
    public void One_record_at_a_time_in_constant_time_is_M_D_1(double perSecond)
    {
        var handler = new HandlerModel { Fixed = Service };

        SimulationFigures figures = Of(TestTraffic.Poisson(perSecond, 200_000), Plan(handler, new EventSourceMapping { BatchSize = 1 }));

        AssertNear(QueueingTheory.SingleLaneWait(perSecond, 0.02, 0.02 * 0.02).TotalMilliseconds, figures.LatencyParts.Waiting.Mean, 0.03);
        AssertNear(20, figures.LatencyParts.Handler.Mean, 0.0001);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(30)]
    public void One_record_at_a_time_in_varying_time_is_M_G_1(double perSecond)
    {
        var handler = new HandlerModel { Fixed = Service, Variation = [0.25, 0.5, 1, 2.25] };
        double secondMoment = 0.0004 * (0.0625 + 0.25 + 1 + 5.0625) / 4;

        SimulationFigures figures = Of(TestTraffic.Poisson(perSecond, 200_000), Plan(handler, new EventSourceMapping { BatchSize = 1 }));

        AssertNear(QueueingTheory.SingleLaneWait(perSecond, 0.02, secondMoment).TotalMilliseconds, figures.LatencyParts.Waiting.Mean, 0.04);
    }

    /// <summary>Inoue 2021: a bound of the mean latency when a free lane takes all that waits; it is tight but where its two halves meet.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(200)]
    [InlineData(400)]
    [InlineData(800)]
    [InlineData(900)]
    public void A_lane_that_takes_all_that_waits_keeps_Inoues_bound(double perSecond)
    {
        double bound = QueueingTheory.DynamicBatchLatencyMax(perSecond, TwentyAndOne).TotalMilliseconds;

        // Close to the limit the mean itself varies from one traffic to the next: several of them.
        double mean = Enumerable.Range(1, 4)
            .Average(seed => Of(TestTraffic.Poisson(perSecond, 250_000, seed: seed), Plan(TwentyAndOne, new EventSourceMapping { BatchSize = 10_000 })).Latency.Mean);

        AssertNear(bound, mean, 0.03);
    }

    [Theory]
    [InlineData(4, 150)]
    [InlineData(10, 400)]
    public void A_free_slot_that_takes_the_oldest_record_is_Erlang_C(int lanes, double perSecond)
    {
        var mapping = new EventSourceMapping { BatchSize = 1, ParallelizationFactor = lanes, LanePolicy = LanePolicy.DynamicKeys };

        SimulationFigures figures = Of(TestTraffic.Poisson(perSecond, 200_000), Plan(Exponential(Service), mapping));

        AssertNear(QueueingTheory.SharedLanesWait(perSecond, 0.02, lanes).TotalMilliseconds, figures.LatencyParts.Waiting.Mean + figures.LatencyParts.Window.Mean, 0.06);
    }

    [Theory]
    [InlineData(4, 150)]
    [InlineData(10, 400)]
    public void Lanes_that_divide_the_hash_range_are_as_many_independent_queues(int lanes, double perSecond)
    {
        var mapping = new EventSourceMapping { BatchSize = 1, ParallelizationFactor = lanes, LanePolicy = LanePolicy.HashLanes };

        SimulationFigures figures = Of(TestTraffic.Poisson(perSecond, 200_000), Plan(Exponential(Service), mapping));

        AssertNear(QueueingTheory.DividedLanesWait(perSecond, lanes, 0.02, 2 * 0.0004).TotalMilliseconds, figures.LatencyParts.Waiting.Mean, 0.07);
    }

    /// <summary>The window runs from the end of the lane's last invocation: what arrives in it waits for its end, and the first record after an empty one does not wait.</summary>
    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(3, 1)]
    [InlineData(2, 5)]
    public void A_batching_window_at_light_load_gathers_what_arrives_in_it(double perSecond, int window)
    {
        var mapping = new EventSourceMapping { BatchSize = 10_000, MaximumBatchingWindow = TimeSpan.FromSeconds(window) };
        var handler = new HandlerModel { Fixed = TimeSpan.FromTicks(1) };
        double batch = (perSecond * window) + Math.Exp(-perSecond * window);

        SimulationFigures figures = Of(TestTraffic.Poisson(perSecond, 100_000), Plan(handler, mapping));

        AssertNear(batch, figures.Batches.Mean, 0.02);
        AssertNear(1_000 * perSecond * window * window / 2 / batch, figures.LatencyParts.Window.Mean, 0.02);
    }

    [Fact]
    public void A_lane_keeps_up_with_a_load_below_its_limit_and_not_with_one_above()
    {
        var mapping = new EventSourceMapping { BatchSize = 10 };
        double limit = QueueingTheory.LaneCapacity(TwentyAndOne, 10);

        SimulationFigures below = Of(TestTraffic.Poisson(0.95 * limit, 200_000), Plan(TwentyAndOne, mapping));
        SimulationFigures above = Of(TestTraffic.Poisson(1.05 * limit, 200_000), Plan(TwentyAndOne, mapping));

        Assert.True(below.DrainTime < TimeSpan.FromSeconds(1), $"It took {below.DrainTime} to drain.");
        AssertNear(above.Duration.TotalSeconds * (1 - (1 / 1.05)), above.DrainTime.TotalSeconds, 0.1);
    }

    [Fact]
    public void A_backlog_past_its_bound_ends_the_run_as_unstable()
    {
        SimulationPlan plan = Plan(new HandlerModel { Fixed = TimeSpan.FromSeconds(1) }, new EventSourceMapping { BatchSize = 1 }) with { BacklogMax = 10_000 };

        SimulationFigures figures = Of(TestTraffic.Poisson(1_000, 100_000), plan);

        Assert.False(figures.IsStable);
        Assert.InRange(figures.Succeeded, 1, 200);
    }

    [Fact]
    public void The_parts_of_latency_add_up_to_it()
    {
        var mapping = new EventSourceMapping { BatchSize = 20, ParallelizationFactor = 3, MaximumBatchingWindow = TimeSpan.FromSeconds(1), BisectBatchOnFunctionError = true, MaximumRetryAttempts = 1 };
        SimulationPlan plan = Plan(TwentyAndOne, mapping) with { Failures = new FailureModel { PoisonRate = 0.001, TransientRate = 0.05 } };

        SimulationFigures figures = Of(TestTraffic.Poisson(200, 50_000, keys: 100), plan);

        LatencyParts parts = figures.LatencyParts;
        AssertNear(figures.Latency.Mean, parts.Poll.Mean + parts.Window.Mean + parts.Waiting.Mean + parts.Handler.Mean + parts.Retry.Mean, 1e-9);
        Assert.Equal(figures.Succeeded, figures.Latency.Count);
        Assert.Equal(figures.Records, figures.Succeeded + figures.Discarded);
        Assert.All([parts.Poll.Count, parts.Window.Count, parts.Waiting.Count, parts.Handler.Count, parts.Retry.Count], count => Assert.Equal(figures.Succeeded, count));
    }
}
