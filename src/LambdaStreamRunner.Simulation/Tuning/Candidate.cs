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

    /// <summary>The rung that <see cref="Point"/> is of: 0 is the whole traffic, and each above a smaller part.</summary>
    public int Rung { get; private set; }

    /// <summary>The runs that <see cref="Point"/> rests on, in the order of their seeds.</summary>
    public IReadOnlyList<SimulationFigures> Runs => _runs;

    /// <summary>Takes the run of a rung in place of the smaller ones before.</summary>
    public void Replace(SimulationFigures run, int rung, CostModel costs, ServiceLevelObjective? objective)
    {
        _runs.Clear();
        Rung = rung;
        Add(run, costs, objective);
    }

    /// <summary>Takes the run of another seed besides.</summary>
    public void Add(SimulationFigures run, CostModel costs, ServiceLevelObjective? objective)
    {
        _runs.Add(run);
        Point = Estimates.Point(setting, _runs, costs, objective);
    }
}
