using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>The settings that a search looks at: every combination of the values of its knobs.</summary>
public sealed record SettingGrid
{
    /// <summary>What no knob turns: lane policy, FunctionResponseTypes, filters, names.</summary>
    public EventSourceMapping Base { get; init; } = new();

    /// <summary>Shards of the stream. 1 by default.</summary>
    public ImmutableArray<int> Shards { get; init; } = [1];

    /// <summary>Consumers: <see cref="PollingMode.Aws"/> is one with GetRecords, <see cref="PollingMode.Push"/> one with enhanced fan-out. Both by default.</summary>
    public ImmutableArray<PollingMode> Consumers { get; init; } = [PollingMode.Aws, PollingMode.Push];

    /// <summary>Values of ParallelizationFactor. 1 to 10 by default.</summary>
    public ImmutableArray<int> ParallelizationFactors { get; init; } = [.. Enumerable.Range(1, EventSourceMappingLimits.ParallelizationFactorMax)];

    /// <summary>Values of BatchSize. Three for each power of ten by default, up to AWS's limit.</summary>
    public ImmutableArray<int> BatchSizes { get; init; } = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, EventSourceMappingLimits.BatchSizeMax];

    /// <summary>Values of MaximumBatchingWindowInSeconds, in seconds. 0, 1, 2, 5, 10, 30, 60, 300 by default.</summary>
    public ImmutableArray<int> Windows { get; init; } = [0, 1, 2, 5, 10, 30, 60, EventSourceMappingLimits.MaximumBatchingWindowSecondsMax];

    /// <summary>Values of BisectBatchOnFunctionError. Off by default: without failures it changes nothing.</summary>
    public ImmutableArray<bool> Bisect { get; init; } = [false];

    /// <summary>Values of MaximumRetryAttempts. Unlimited by default, as AWS has it.</summary>
    public ImmutableArray<int> RetryAttempts { get; init; } = [EventSourceMapping.Unlimited];

    /// <summary>Values of MaximumRecordAgeInSeconds, in seconds. Unlimited by default, as AWS has it.</summary>
    public ImmutableArray<int> RecordAges { get; init; } = [EventSourceMapping.Unlimited];

    /// <summary>Combinations.</summary>
    public int Count => checked(
        Shards.Length * Consumers.Length * ParallelizationFactors.Length * BatchSizes.Length * Windows.Length * Bisect.Length * RetryAttempts.Length * RecordAges.Length);

    /// <summary>The usual values: knobs of failures are turned only where something fails.</summary>
    /// <remarks>Unlimited retries are left out where a record is poison: they hold its lane until it leaves retention.</remarks>
    public static SettingGrid For(FailureModel failures) => !failures.HasFailures ? new SettingGrid() : new SettingGrid
    {
        Bisect = [false, true],
        RetryAttempts = failures.PoisonRate > 0 || !failures.PoisonRecords.IsEmpty ? [2, 5, 10] : [EventSourceMapping.Unlimited, 2, 10],
    };

    /// <summary>All combinations, always in the same order: by shards first, so that settings that divide the traffic in the same way follow each other.</summary>
    public IEnumerable<TunedSetting> Settings() =>
        from shards in Shards
        from consumer in Consumers
        from factor in ParallelizationFactors
        from batch in BatchSizes
        from window in Windows
        from bisect in Bisect
        from retries in RetryAttempts
        from age in RecordAges
        select new TunedSetting(shards, Base with
        {
            Polling = consumer,
            ParallelizationFactor = factor,
            BatchSize = batch,
            MaximumBatchingWindow = TimeSpan.FromSeconds(window),
            BisectBatchOnFunctionError = bisect,
            MaximumRetryAttempts = retries,
            MaximumRecordAge = age == EventSourceMapping.Unlimited ? null : TimeSpan.FromSeconds(age),
        });
}
