using LambdaStreamRunner.Simulation.Figures;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>A setting on its way through a search, with what is known of it by now.</summary>
/// <param name="setting">The setting.</param>
internal sealed class Candidate(TunedSetting setting)
{
    private readonly List<SimulationFigures> _runs = [];

    public TunedSetting Setting => setting;

    /// <summary>Its figures on the largest part of the traffic so far; null before the first run.</summary>
    public TunedPoint? Point { get; private set; }

    /// <summary>True when <see cref="Point"/> is about the whole traffic.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Takes the run of a rung in place of the smaller ones before.</summary>
    public void Replace(SimulationFigures run, TrafficSlice slice, CostModel costs, ServiceLevelObjective? objective)
    {
        _runs.Clear();
        IsWhole = slice == TrafficSlice.Whole;
        Add(run, costs, objective);
    }

    /// <summary>Takes the run of another seed besides.</summary>
    public void Add(SimulationFigures run, CostModel costs, ServiceLevelObjective? objective)
    {
        _runs.Add(run);
        Point = Estimates.Point(setting, _runs, costs, objective);
    }
}
