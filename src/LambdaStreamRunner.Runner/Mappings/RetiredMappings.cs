using System.Collections.Immutable;
using LambdaStreamRunner.Runner.Telemetry;

namespace LambdaStreamRunner.Runner.Mappings;

/// <summary>What mappings have done that are there no more: the run's summary counts them.</summary>
internal sealed class RetiredMappings
{
    /// <summary>Most summaries that are kept; older ones are forgotten.</summary>
    private const int SummariesMax = 1_000;

    private ImmutableArray<MappingSummary> _summaries = [];

    /// <summary>The summaries, the oldest first.</summary>
    public ImmutableArray<MappingSummary> Summaries => _summaries;

    /// <summary>Adds one. What it left on the stream is nobody's work any more.</summary>
    public void Add(MappingSummary summary) => ImmutableInterlocked.Update(
        ref _summaries, summaries => (summaries.Length < SummariesMax ? summaries : summaries.RemoveAt(0)).Add(summary with { Unsettled = 0 }));
}
