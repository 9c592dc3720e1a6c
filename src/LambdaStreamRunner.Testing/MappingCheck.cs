using System.Runtime.CompilerServices;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Testing;

/// <summary>Refuses settings that CreateEventSourceMapping would refuse.</summary>
internal static class MappingCheck
{
    public static EventSourceMapping Checked(EventSourceMapping mapping)
    {
        Check(mapping.BatchSize, 1, EventSourceMappingLimits.BatchSizeMax);
        Check((int)mapping.MaximumBatchingWindow.TotalSeconds, 0, EventSourceMappingLimits.MaximumBatchingWindowSecondsMax);
        Check(mapping.ParallelizationFactor, 1, EventSourceMappingLimits.ParallelizationFactorMax);
        Check(mapping.MaximumRetryAttempts, EventSourceMapping.Unlimited, EventSourceMappingLimits.MaximumRetryAttemptsMax);
        Check((int)mapping.TumblingWindow.TotalSeconds, 0, EventSourceMappingLimits.TumblingWindowSecondsMax);
        if (mapping.MaximumRecordAge is { } age)
            Check((int)age.TotalSeconds, EventSourceMappingLimits.MaximumRecordAgeSecondsMin, EventSourceMappingLimits.MaximumRecordAgeSecondsMax);
        if (mapping.TumblingWindow > TimeSpan.Zero && mapping.ParallelizationFactor > 1)
            throw new ArgumentException("TumblingWindow needs a ParallelizationFactor of 1.", nameof(mapping));
        if (mapping is { StartingPosition: StartingPosition.AtTimestamp, StartingPositionTimestamp: null })
            throw new ArgumentException("StartingPosition AT_TIMESTAMP needs a StartingPositionTimestamp.", nameof(mapping));
        return mapping;
    }

    private static void Check(int value, int min, int max, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < min || value > max)
            throw new ArgumentException($"{name.Split("mapping.")[^1].Split('.')[0]} is {value}; AWS takes {min} to {max}.", nameof(value));
    }
}
