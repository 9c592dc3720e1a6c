using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation.Tests.Traffic;

/// <summary>Reads traffic as tests want it.</summary>
internal static class Reading
{
    public static Arrival[] All(this StreamTraffic traffic, TimeSpan from = default) =>
        [.. traffic.ReadFrom(from).SelectMany(block => block.ToArray())];
}
