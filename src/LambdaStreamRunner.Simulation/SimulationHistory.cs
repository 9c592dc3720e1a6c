using LambdaStreamRunner.Core.Histories;

namespace LambdaStreamRunner.Simulation;

/// <summary>Everything that a simulated mapping did, in order.</summary>
public sealed class SimulationHistory
{
    private readonly List<HistoryStep> _steps = [];

    /// <summary>All of it.</summary>
    public IReadOnlyList<HistoryStep> Steps => _steps;

    /// <summary>The invocations, by their start.</summary>
    public IReadOnlyList<Invocation> Invocations => Invocation.Of(_steps);

    /// <summary>The discarded batches.</summary>
    public IEnumerable<HistoryStep.Discarded> Discards => _steps.OfType<HistoryStep.Discarded>();

    /// <summary>The checkpoints saved.</summary>
    public IEnumerable<HistoryStep.CheckpointSaved> Checkpoints => _steps.OfType<HistoryStep.CheckpointSaved>();

    /// <summary>Adds what happened next.</summary>
    public void Add(HistoryStep step) => _steps.Add(step);
}
