namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>How far a search is.</summary>
/// <param name="Stage">What it does: "a 27th of the traffic", "finalists".</param>
/// <param name="Done">Simulations of the stage that are done.</param>
/// <param name="Total">Simulations of the stage.</param>
/// <param name="Share">Share of the whole work that is done, 0 to 1.</param>
/// <param name="TimeLeft">What the rest will take at the pace so far; null until there is one.</param>
public sealed record TuningProgress(string Stage, int Done, int Total, double Share, TimeSpan? TimeLeft);
