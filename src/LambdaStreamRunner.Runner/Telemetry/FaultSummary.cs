using LambdaStreamRunner.StreamServer;
using LambdaStreamRunner.StreamServer.Faults;

namespace LambdaStreamRunner.Runner.Telemetry;

/// <summary>What a stream's faults did to clients in a run.</summary>
/// <param name="Stream">Short name of the stream.</param>
/// <param name="Seed">Makes the same faults happen again.</param>
/// <param name="Counts">What happened.</param>
public sealed record FaultSummary(string Stream, int Seed, FaultCounts Counts)
{
    /// <summary>One entry for each stream that has faults; null when none has.</summary>
    internal static IReadOnlyList<FaultSummary>? Of(EmbeddedStreams streams)
    {
        FaultSummary[] all =
        [
            .. from stream in streams.All
               let faults = stream.Faults
               where faults is not null
               select new FaultSummary(stream.Name, faults.Seed, faults.Counts),
        ];
        return all.Length == 0 ? null : all;
    }
}
