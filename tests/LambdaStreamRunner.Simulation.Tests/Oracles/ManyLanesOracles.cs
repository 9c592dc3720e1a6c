using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;
using static LambdaStreamRunner.Simulation.Tests.Oracles.OracleRun;

namespace LambdaStreamRunner.Simulation.Tests.Oracles;

/// <summary>Several lanes, shared by all keys or divided among them, against the closed forms of queueing theory.</summary>
public class ManyLanesOracles
{
    private static readonly TimeSpan Service = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData(4, 150, 400_000)]
    [InlineData(10, 400, 800_000)]
    public void A_free_slot_that_takes_the_oldest_record_is_Erlang_C(int lanes, double perSecond, int records)
    {
        var mapping = new EventSourceMapping { BatchSize = 1, ParallelizationFactor = lanes, LanePolicy = LanePolicy.DynamicKeys };

        SimulationFigures figures = Of(TestTraffic.Poisson(perSecond, records), Plan(Exponential(Service), mapping));

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
}
