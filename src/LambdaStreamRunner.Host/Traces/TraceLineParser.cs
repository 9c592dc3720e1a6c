using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Reads the lines of one trace format.</summary>
internal abstract class TraceLineParser
{
    /// <summary>What all formats have in common.</summary>
    public ArrivalParser Arrivals { get; } = new();

    /// <summary>Reads a line that is not empty. Null when it is an arrival; otherwise the rest of a sentence that begins with the line.</summary>
    public abstract string? Parse(ReadOnlySpan<byte> line, out Arrival arrival);
}
