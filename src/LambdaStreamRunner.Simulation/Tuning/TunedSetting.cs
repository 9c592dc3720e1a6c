using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>One choice of everything that can be tuned. The consumer is the mapping's Polling: Aws reads with GetRecords, Push is enhanced fan-out.</summary>
/// <param name="Shards">Shards of the stream, equal parts of the hash space. 1 or more.</param>
/// <param name="Mapping">BatchSize, window, ParallelizationFactor, bisect, retries, record age, lane policy, polling.</param>
public sealed record TunedSetting(int Shards, EventSourceMapping Mapping)
{
    /// <summary>Most batches that can run at once: shards × ParallelizationFactor.</summary>
    public int ConcurrencyCeiling => Shards * Mapping.ParallelizationFactor;

    /// <summary>True when the consumer has enhanced fan-out.</summary>
    public bool HasEnhancedFanOut => Mapping.Polling is PollingMode.Push;

    /// <summary>True when another setting says the same, lists by their content.</summary>
    public bool IsSameAs(TunedSetting other) =>
        Mapping.FunctionResponseTypes.SequenceEqual(other.Mapping.FunctionResponseTypes)
        && this with { Mapping = Mapping with { FunctionResponseTypes = [] } } == other with { Mapping = other.Mapping with { FunctionResponseTypes = [] } };
}
