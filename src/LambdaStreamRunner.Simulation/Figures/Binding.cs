using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Figures;

/// <summary>Finds what keeps concurrency from being higher.</summary>
internal static class Binding
{
    private const double ThrottledShare = 0.01;               // of the tries
    private const double BlockedShare = 0.2;                  // of the lanes' time
    private const double BusyLane = 0.9;
    private const double IdleLane = 0.5;

    public static ConcurrencyBound Of(TunedSetting setting, SimulationFigures figures, int peak, double laneSeconds)
    {
        if (figures.Throttles > ThrottledShare * (figures.Invocations + figures.Throttles))
            return ConcurrencyBound.ReservedConcurrency;
        if (figures.Lanes.Sum(lane => lane.Blocked.TotalSeconds) > BlockedShare * laneSeconds)
            return ConcurrencyBound.Failures;
        double busiest = figures.Lanes.IsEmpty ? 0 : figures.Lanes.Max(lane => lane.Busy);
        if (busiest > BusyLane || !figures.IsStable)
            return OfBusyLanes(setting, figures);
        if (figures.DistinctKeys < setting.ConcurrencyCeiling)
            return ConcurrencyBound.DistinctKeys;
        bool isIdleBetweenPolls = busiest < IdleLane && setting.Mapping.Polling is PollingMode.Aws;
        return peak >= setting.ConcurrencyCeiling ? (isIdleBetweenPolls ? ConcurrencyBound.PollRate : ConcurrencyBound.Lanes) : ConcurrencyBound.ArrivalRate;
    }

    private static ConcurrencyBound OfBusyLanes(TunedSetting setting, SimulationFigures figures)
    {
        bool someAreIdle = figures.Lanes.Any(lane => lane.Busy < IdleLane);
        if (!someAreIdle)
            return ConcurrencyBound.Lanes;
        if (figures.HotKeys.Length > 0 && figures.HotKeys[0].LaneLoad > IdleLane)
            return ConcurrencyBound.HotKey;
        return figures.DistinctKeys < 4L * setting.ConcurrencyCeiling ? ConcurrencyBound.DistinctKeys : ConcurrencyBound.Lanes;
    }
}
