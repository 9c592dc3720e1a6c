using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

/// <summary>A mapping to tune: even traffic with a busy minute, and a function of 20 ms and 1 ms for each record.</summary>
internal static class TunedMapping
{
    public static readonly HandlerModel Handler = new() { Fixed = TimeSpan.FromMilliseconds(20), PerRecord = TimeSpan.FromMilliseconds(1) };
    public static readonly ListedTraffic TrafficWithBusyMinute = ListedTraffic.Even(100, TimeSpan.FromMinutes(10), busy: (TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5)));

    public static TuningResult Tune(TuningRequest request) => new MappingTuner(request, new ModelledStream(request.Traffic).Run, TimeProvider.System).Run(cancellation: TestContext.Current.CancellationToken);

    public static TuningRequest Request() => new()
    {
        Traffic = TrafficWithBusyMinute,
        Handler = Handler,
        Grid = new SettingGrid(),
        Prices = Some.Prices,
        PricesName = "test",
        Threads = 2,
    };
}
