using LambdaStreamRunner.Core.Mappings.Filtering;

namespace LambdaStreamRunner.Core.Mappings;

/// <summary>What CreateEventSourceMapping asks of settings, for those that are given in code.</summary>
/// <remarks>
/// Two doors ask for the same in words of their own, since they read something else than this record: a configuration file, with its lines and
/// what to write instead, and the Lambda API, with AWS's texts. All share <see cref="EventSourceMappingLimits"/>.
/// </remarks>
public static class EventSourceMappingRules
{
    /// <summary>Every mistake: the setting, and the rest of a sentence that begins with it. Empty when AWS would take them.</summary>
    /// <param name="mapping">The settings.</param>
    /// <param name="now">When the mapping is made.</param>
    public static IEnumerable<(string Setting, string Mistake)> MistakesIn(EventSourceMapping mapping, DateTimeOffset now) =>
        RangesOf(mapping).Concat(ChoicesOf(mapping)).Concat(StartOf(mapping, now))
            .Where(rule => !rule.IsKept)
            .Select(rule => (rule.Setting, rule.Mistake));

    private static IEnumerable<Rule> RangesOf(EventSourceMapping mapping)
    {
        yield return Range(nameof(mapping.BatchSize), mapping.BatchSize, 1, EventSourceMappingLimits.BatchSizeMax);
        yield return Range(nameof(mapping.ParallelizationFactor), mapping.ParallelizationFactor, 1, EventSourceMappingLimits.ParallelizationFactorMax);
        yield return Range(nameof(mapping.MaximumRetryAttempts), mapping.MaximumRetryAttempts, EventSourceMapping.Unlimited, EventSourceMappingLimits.MaximumRetryAttemptsMax);
        yield return Seconds(nameof(mapping.MaximumBatchingWindow), mapping.MaximumBatchingWindow, 0, EventSourceMappingLimits.MaximumBatchingWindowSecondsMax);
        yield return Seconds(nameof(mapping.TumblingWindow), mapping.TumblingWindow, 0, EventSourceMappingLimits.TumblingWindowSecondsMax);
        yield return Seconds(nameof(mapping.TumblingWindowGrace), mapping.TumblingWindowGrace, 0, EventSourceMappingLimits.TumblingWindowGraceSecondsMax);
        yield return new Rule(
            mapping.TumblingWindow == TimeSpan.Zero || mapping.ParallelizationFactor == 1,
            nameof(mapping.ParallelizationFactor), $"is {mapping.ParallelizationFactor}; with a TumblingWindow AWS takes 1 only.");
        if (mapping.MaximumRecordAge is { } age)
            yield return Seconds(nameof(mapping.MaximumRecordAge), age, EventSourceMappingLimits.MaximumRecordAgeSecondsMin, EventSourceMappingLimits.MaximumRecordAgeSecondsMax);
    }

    private static IEnumerable<Rule> ChoicesOf(EventSourceMapping mapping)
    {
        int filters = mapping.FilterCriteria.Filters.Length;
        yield return new Rule(
            filters <= FilterCriteria.FiltersQuotaMax,
            nameof(mapping.FilterCriteria), $"has {filters} filters; AWS takes {FilterCriteria.FiltersMax}, and {FilterCriteria.FiltersQuotaMax} where the quota was raised.");
        yield return new Rule(Enum.IsDefined(mapping.LanePolicy), nameof(mapping.LanePolicy), $"is {mapping.LanePolicy}, which is none.");
        yield return new Rule(Enum.IsDefined(mapping.Polling), nameof(mapping.Polling), $"is {mapping.Polling}, which is none.");
        yield return new Rule(Enum.IsDefined(mapping.StartingPosition), nameof(mapping.StartingPosition), $"is {mapping.StartingPosition}, which is none.");
        yield return new Rule(
            !mapping.FunctionResponseTypes.IsDefault && mapping.FunctionResponseTypes.Length <= 1 && mapping.FunctionResponseTypes.All(Enum.IsDefined),
            nameof(mapping.FunctionResponseTypes), "can be [] or [ReportBatchItemFailures].");
    }

    private static IEnumerable<Rule> StartOf(EventSourceMapping mapping, DateTimeOffset now)
    {
        const string Setting = nameof(mapping.StartingPositionTimestamp);
        bool isTimed = mapping.StartingPosition is StartingPosition.AtTimestamp;
        DateTimeOffset? time = mapping.StartingPositionTimestamp;
        yield return new Rule(!isTimed || time is not null, Setting, "is missing; AtTimestamp needs it. Add it, or use TrimHorizon.");
        yield return new Rule(isTimed || time is null, Setting, "is only valid with StartingPosition AtTimestamp. Remove it, or change StartingPosition.");
        yield return new Rule(!(time > now), Setting, $"is {time:O}, which is in the future. Use a time that has been, or Latest.");
    }

    private static Rule Range(string setting, int value, int min, int max) => new(value >= min && value <= max, setting, $"is {value}; AWS takes {min} to {max}.");

    private static Rule Seconds(string setting, TimeSpan value, int min, int max) => new(
        value >= TimeSpan.FromSeconds(min) && value <= TimeSpan.FromSeconds(max) && value.Ticks % TimeSpan.TicksPerSecond == 0,
        setting, FormattableString.Invariant($"is {value.TotalSeconds:0.#######} s; AWS takes {min} to {max} whole seconds."));

    private readonly record struct Rule(bool IsKept, string Setting, string Mistake);
}
