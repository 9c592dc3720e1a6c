using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Traffic;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Tests.Oracles;

/// <summary>Runs as theory speaks of them: records are there at once, and nobody polls.</summary>
internal static class OracleRun
{
    public static readonly HandlerModel TwentyAndOne = new() { Fixed = TimeSpan.FromMilliseconds(20), PerRecord = TimeSpan.FromMilliseconds(1), Timeout = TimeSpan.FromMinutes(15) };

    /// <summary>A handler whose invocations take exponentially distributed times, by their quantiles.</summary>
    public static HandlerModel Exponential(TimeSpan mean) => new()
    {
        Fixed = mean,
        Variation = [.. Enumerable.Range(0, 20_000).Select(place => -Math.Log(1 - ((place + 0.5) / 20_000)))],
        Timeout = TimeSpan.FromMinutes(15),
    };

    public static SimulationPlan Plan(HandlerModel handler, EventSourceMapping mapping, int shards = 1) => new()
    {
        Setting = new TunedSetting(shards, mapping with { Polling = PollingMode.Push }),
        Handler = handler,
        Timing = StreamTiming.Ideal,
        ReservedConcurrency = 10_000,
    };

    public static SimulationFigures Of(StreamTraffic traffic, SimulationPlan plan) => new Simulator(traffic).Run(plan);

    /// <summary>Fails unless a figure is near what theory says.</summary>
    public static void AssertNear(double expected, double measured, double tolerance) =>
        Assert.True(Math.Abs(measured - expected) <= tolerance * expected, $"{measured} is more than {tolerance:P0} from {expected}.");
}
