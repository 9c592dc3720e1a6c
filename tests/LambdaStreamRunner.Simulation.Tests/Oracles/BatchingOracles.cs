using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;
using static LambdaStreamRunner.Simulation.Tests.Oracles.OracleRun;

namespace LambdaStreamRunner.Simulation.Tests.Oracles;

/// <summary>Batches that grow with the load or with time, against what queueing theory says of them.</summary>
public class BatchingOracles
{
    /// <summary>Inoue 2021: a bound of the mean latency when a free lane takes all that waits; it is tight but where its two halves meet.</summary>
    [Theory]
    [InlineData(100, 50_000)]
    [InlineData(200, 50_000)]
    [InlineData(400, 50_000)]
    [InlineData(800, 200_000)]
    [InlineData(900, 1_000_000)]
    public void A_lane_that_takes_all_that_waits_keeps_Inoues_bound(double perSecond, int records)
    {
        double bound = QueueingTheory.DynamicBatchLatencyMax(perSecond, TwentyAndOne).TotalMilliseconds;

        // Close to the limit the mean itself varies from one traffic to the next: several of them, and longer ones.
        double mean = Enumerable.Range(1, 4)
            .Average(seed => Of(TestTraffic.Poisson(perSecond, records / 4, seed: seed), Plan(TwentyAndOne, new EventSourceMapping { BatchSize = 10_000 })).Latency.Mean);

        AssertNear(bound, mean, 0.03);
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

        SimulationFigures figures = Of(TestTraffic.Poisson(perSecond, 50_000), Plan(handler, mapping));

        AssertNear(batch, figures.Batches.Mean, 0.02);
        AssertNear(1_000 * perSecond * window * window / 2 / batch, figures.LatencyParts.Window.Mean, 0.02);
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
