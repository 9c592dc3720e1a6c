using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;
using static LambdaStreamRunner.Simulation.Tests.Oracles.OracleRun;

namespace LambdaStreamRunner.Simulation.Tests.Oracles;

/// <summary>One lane that takes one record at a time, or a fixed number, against the closed forms of queueing theory.</summary>
public class SingleLaneOracles
{
    private static readonly TimeSpan Service = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData(10, 200_000)]
    [InlineData(25, 200_000)]
    [InlineData(40, 600_000)]
    public void One_record_at_a_time_in_constant_time_is_M_D_1(double perSecond, int records)
    {
        var handler = new HandlerModel { Fixed = Service };

        SimulationFigures figures = Of(TestTraffic.Poisson(perSecond, records), Plan(handler, new EventSourceMapping { BatchSize = 1 }));

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
}
