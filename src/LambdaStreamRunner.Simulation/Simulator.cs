using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation;

/// <summary>Runs settings against one traffic. Several threads may run at once.</summary>
public sealed class Simulator(StreamTraffic traffic)
{
    /// <summary>What comes into the stream.</summary>
    public StreamTraffic Traffic => traffic;

    /// <summary>Runs one plan to its end.</summary>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public SimulationFigures Run(SimulationPlan plan, CancellationToken cancellation = default) => throw new NotSupportedException();
}
