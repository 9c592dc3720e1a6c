using System.Runtime.CompilerServices;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Testing;

/// <summary>Refuses settings that CreateEventSourceMapping would refuse.</summary>
internal static class MappingCheck
{
    /// <param name="mapping">The settings.</param>
    /// <param name="start">When the test begins, and the mapping is made.</param>
    public static EventSourceMapping Checked(EventSourceMapping mapping, DateTimeOffset start)
    {
        Check(mapping.BatchSize, 1, EventSourceMappingLimits.BatchSizeMax);
        Check(mapping.MaximumBatchingWindow, 0, EventSourceMappingLimits.MaximumBatchingWindowSecondsMax);
        Check(mapping.ParallelizationFactor, 1, EventSourceMappingLimits.ParallelizationFactorMax);
        Check(mapping.MaximumRetryAttempts, EventSourceMapping.Unlimited, EventSourceMappingLimits.MaximumRetryAttemptsMax);
        Check(mapping.TumblingWindow, 0, EventSourceMappingLimits.TumblingWindowSecondsMax);
        if (mapping.MaximumRecordAge is not null)
            Check(mapping.MaximumRecordAge.Value, EventSourceMappingLimits.MaximumRecordAgeSecondsMin, EventSourceMappingLimits.MaximumRecordAgeSecondsMax);
        if (mapping.TumblingWindow > TimeSpan.Zero && mapping.ParallelizationFactor > 1)
            throw new ArgumentException("TumblingWindow needs a ParallelizationFactor of 1.", nameof(mapping));
        if (mapping is { StartingPosition: StartingPosition.AtTimestamp, StartingPositionTimestamp: null })
            throw new ArgumentException("StartingPosition AT_TIMESTAMP needs a StartingPositionTimestamp.", nameof(mapping));
        if (mapping is { StartingPosition: StartingPosition.AtTimestamp, StartingPositionTimestamp: { } timestamp } && timestamp > start)
            throw new ArgumentException($"StartingPositionTimestamp is {timestamp:O}; AWS takes no time of the future, and the test begins at {start:O}.", nameof(mapping));
        return mapping;
    }

    private static void Check(TimeSpan value, int minSeconds, int maxSeconds, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value.Ticks % TimeSpan.TicksPerSecond != 0 || value.TotalSeconds < minSeconds || value.TotalSeconds > maxSeconds)
            throw new ArgumentException($"{NameOf(name)} is {value}; AWS takes whole seconds from {minSeconds} to {maxSeconds}.", nameof(value));
    }

    private static void Check(int value, int min, int max, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < min || value > max)
            throw new ArgumentException($"{NameOf(name)} is {value}; AWS takes {min} to {max}.", nameof(value));
    }

    private static string NameOf(string expression) => expression.Split("mapping.")[^1].Split('.')[0];
}
