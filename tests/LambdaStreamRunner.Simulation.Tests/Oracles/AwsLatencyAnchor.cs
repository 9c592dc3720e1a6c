using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;
using static LambdaStreamRunner.Simulation.Tests.Oracles.OracleRun;

namespace LambdaStreamRunner.Simulation.Tests.Oracles;

/// <summary>What was measured on AWS (eu-west-1, September 2022, 1,024 messages): added latency from a put to the function.</summary>
public class AwsLatencyAnchor
{
    [Theory]
    [InlineData(PollingMode.Aws, 267, 627, 965, 1_580)]
    [InlineData(PollingMode.Push, 28.8, 49.4, 67.5, 109)]
    public void The_timing_profile_has_the_latency_that_was_measured_on_AWS(PollingMode polling, double p10, double p50, double p90, double p99)
    {
        var plan = new SimulationPlan
        {
            Setting = new TunedSetting(1, new EventSourceMapping { Polling = polling }),
            Handler = new HandlerModel { Fixed = TimeSpan.Zero },
        };

        Distribution latency = Of(TestTraffic.Poisson(0.5, 50_000), plan).Latency;

        AssertNear(p10, latency.P10, 0.1);
        AssertNear(p50, latency.P50, 0.1);
        AssertNear(p90, latency.P90, 0.1);
        AssertNear(p99, latency.P99, 0.25);                   // 1,024 messages have ten beyond it
    }
}
