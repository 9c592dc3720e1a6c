namespace LambdaStreamRunner.Simulation.Figures;

/// <summary>How a duration is distributed, in milliseconds. Percentiles are exact to 1.6 %, mean and maximum exactly.</summary>
/// <param name="Count">How many were measured; the others are 0 when it is.</param>
/// <param name="Mean">The mean.</param>
/// <param name="P10">What a tenth does not exceed.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">What nine tenths do not exceed.</param>
/// <param name="P95">What 95 % do not exceed.</param>
/// <param name="P99">What 99 % do not exceed.</param>
/// <param name="Max">The longest.</param>
public readonly record struct Distribution(long Count, double Mean, double P10, double P50, double P90, double P95, double P99, double Max);
