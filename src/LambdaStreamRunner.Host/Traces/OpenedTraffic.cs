using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>A traffic that is ready to be read; disposing it takes away the temporary file that it may have.</summary>
/// <param name="traffic">What is read, which may stand upon what is kept.</param>
/// <param name="kept">What is disposed; null when there is nothing.</param>
/// <param name="warnings">What is odd about it, for people.</param>
internal sealed class OpenedTraffic(StreamTraffic traffic, IDisposable? kept, IReadOnlyList<string> warnings) : IDisposable
{
    /// <summary>What comes.</summary>
    public StreamTraffic Traffic => traffic;

    /// <summary>What is odd about it, for people; empty mostly.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>True when its records are real ones, with keys and sizes; false when chance made them of counts or a profile.</summary>
    public bool IsWhole => traffic is not SyntheticTraffic;

    /// <summary>The same with more to tell.</summary>
    public OpenedTraffic Warned(IReadOnlyList<string> more) => new(traffic, kept, [.. warnings, .. more]);

    /// <summary>The same at another speed.</summary>
    public OpenedTraffic AtSpeed(double factor) => new(traffic.AtSpeed(factor), kept, warnings);

    /// <summary>What comes in the first part of it; all of it when nobody says how long that is.</summary>
    public OpenedTraffic First(TimeSpan? duration) =>
        duration is { } until && until <= traffic.Duration ? new(traffic.Between(TimeSpan.Zero, until), kept, warnings) : this;

    public void Dispose() => kept?.Dispose();
}
