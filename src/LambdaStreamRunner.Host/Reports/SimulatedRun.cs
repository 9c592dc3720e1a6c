using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Reports;

/// <summary>One simulation as <c>simulate</c> presents it.</summary>
/// <param name="Setting">What was simulated.</param>
/// <param name="Traffic">The traffic, for people.</param>
/// <param name="Handler">How long the function takes.</param>
/// <param name="Failures">What goes wrong.</param>
/// <param name="Seed">Repeats it.</param>
/// <param name="Figures">What it measured.</param>
internal sealed record SimulatedRun(
    TunedSetting Setting, string Traffic, HandlerModel Handler, FailureModel Failures, long Seed, SimulationFigures Figures)
{
    /// <summary>What it would cost; null when nobody asked for prices.</summary>
    public CostPerMillion? Cost { get; init; }

    /// <summary>Name and date of the price table; null without <see cref="Cost"/>.</summary>
    public string? Prices { get; init; }
}
