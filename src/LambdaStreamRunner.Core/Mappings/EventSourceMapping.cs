using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings.Filtering;

namespace LambdaStreamRunner.Core.Mappings;

/// <summary>The settings of one mapping from a stream to a function, immutable. Names and defaults are AWS's.</summary>
/// <remarks>
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html"/>.
/// Ranges are checked at the door, by the configuration: see <see cref="EventSourceMappingLimits"/>.
/// </remarks>
public sealed record EventSourceMapping
{
    /// <summary>No limit, where AWS writes −1.</summary>
    public const int Unlimited = -1;

    /// <summary>The stream, as ARN or as the short name of an embedded stream.</summary>
    public string EventSourceArn { get; init; } = "";

    /// <summary>The function, as name or ARN.</summary>
    public string FunctionName { get; init; } = "";

    /// <summary>Most records in one invocation.</summary>
    /// <value>1 to 10,000; 100 by default. The 6 MB event limit holds besides.</value>
    public int BatchSize { get; init; } = 100;

    /// <summary>Longest time to gather records into one batch, counted from the end of the lane's previous invocation.</summary>
    /// <value>0 to 300 s in whole seconds; 0 s (the default) invokes as soon as a read returns records.</value>
    public TimeSpan MaximumBatchingWindow { get; init; } = TimeSpan.Zero;

    /// <summary>Batches of one shard that may run at the same time; records of one partition key stay in order.</summary>
    /// <value>1 to 10; 1 by default.</value>
    public int ParallelizationFactor { get; init; } = 1;

    /// <summary>Split a batch in two when the function fails, and retry each half; a split spends no retry.</summary>
    public bool BisectBatchOnFunctionError { get; init; }

    /// <summary>Retries of one identical batch before it is discarded: invocations − 1.</summary>
    /// <value>0 to 10,000, or <see cref="Unlimited"/> (the default).</value>
    public int MaximumRetryAttempts { get; init; } = Unlimited;

    /// <summary>Age at which a record is discarded instead of tried again.</summary>
    /// <value>60 s to 7 days, or null (the default, AWS's −1) for never.</value>
    public TimeSpan? MaximumRecordAge { get; init; }

    /// <summary>What the function may report besides success and failure.</summary>
    public ImmutableArray<FunctionResponseType> FunctionResponseTypes { get; init; } = [];

    /// <summary>Which records are delivered. The others are settled where they are read, and count into no batch.</summary>
    /// <value>0 to 5 filters; none by default: every record is delivered.</value>
    public FilterCriteria FilterCriteria { get; init; } = FilterCriteria.None;

    /// <summary>Length of the windows over which the function aggregates, state passed from one invocation to the next.</summary>
    /// <value>0 to 900 s in whole seconds; 0 s (the default) is none. Needs a ParallelizationFactor of 1.</value>
    public TimeSpan TumblingWindow { get; init; } = TimeSpan.Zero;

    /// <summary>How long after its end a window is held open for records that were on their way (open question Q11).</summary>
    /// <value>120 s by default: AWS waits up to two minutes before it takes the window of an idle shard for complete.</value>
    public TimeSpan TumblingWindowGrace { get; init; } = TimeSpan.FromSeconds(EventSourceMappingLimits.TumblingWindowGraceSeconds);

    /// <summary>Where reading starts when there is no checkpoint yet.</summary>
    public StartingPosition StartingPosition { get; init; } = StartingPosition.TrimHorizon;

    /// <summary>The time of <see cref="StartingPosition.AtTimestamp"/>, in whole seconds.</summary>
    public DateTimeOffset? StartingPositionTimestamp { get; init; }

    /// <summary>How keys are spread over the lanes of a shard. AWS does not publish its way (open question Q1).</summary>
    public LanePolicy LanePolicy { get; init; } = LanePolicy.HashLanes;

    /// <summary>How the shard is read.</summary>
    public PollingMode Polling { get; init; } = PollingMode.Eager;

    /// <summary>True when the function's answer is read for batchItemFailures.</summary>
    public bool ReportsBatchItemFailures => FunctionResponseTypes.Contains(FunctionResponseType.ReportBatchItemFailures);
}

/// <summary>AWS's ranges of the settings.</summary>
public static class EventSourceMappingLimits
{
    /// <summary>Largest BatchSize for a stream.</summary>
    public const int BatchSizeMax = 10_000;

    /// <summary>Largest MaximumBatchingWindowInSeconds.</summary>
    public const int MaximumBatchingWindowSecondsMax = 300;

    /// <summary>Largest ParallelizationFactor.</summary>
    public const int ParallelizationFactorMax = 10;

    /// <summary>Largest MaximumRetryAttempts.</summary>
    public const int MaximumRetryAttemptsMax = 10_000;

    /// <summary>Largest TumblingWindowInSeconds.</summary>
    public const int TumblingWindowSecondsMax = 900;

    /// <summary>The default of <see cref="EventSourceMapping.TumblingWindowGrace"/>, in seconds.</summary>
    public const int TumblingWindowGraceSeconds = 120;

    /// <summary>The most that <see cref="EventSourceMapping.TumblingWindowGrace"/> can be, in seconds.</summary>
    public const int TumblingWindowGraceSecondsMax = 900;

    /// <summary>Smallest MaximumRecordAgeInSeconds besides −1.</summary>
    public const int MaximumRecordAgeSecondsMin = 60;

    /// <summary>Largest MaximumRecordAgeInSeconds.</summary>
    public const int MaximumRecordAgeSecondsMax = 604_800;
}

/// <summary>AWS's FunctionResponseTypes.</summary>
public enum FunctionResponseType
{
    /// <summary>The function answers with the sequence numbers that failed.</summary>
    ReportBatchItemFailures,
}

/// <summary>AWS's StartingPosition.</summary>
public enum StartingPosition
{
    /// <summary>TRIM_HORIZON: the oldest retained record of every shard.</summary>
    TrimHorizon,

    /// <summary>LATEST: what arrives after the mapping was made.</summary>
    Latest,

    /// <summary>AT_TIMESTAMP: the first record at or after a time.</summary>
    AtTimestamp,
}

/// <summary>How partition keys are spread over lanes.</summary>
public enum LanePolicy
{
    /// <summary>The shard's hash range is cut into as many parts as there are lanes; a key always has the same lane.</summary>
    HashLanes,

    /// <summary>A free lane takes the oldest records whose keys are not in flight.</summary>
    DynamicKeys,
}

/// <summary>When a shard is read.</summary>
public enum PollingMode
{
    /// <summary>As soon as records are there, all that is there. Not AWS's batch sizes.</summary>
    Eager,

    /// <summary>Once per second and shard, as AWS polls.</summary>
    Aws,

    /// <summary>Records are pushed as soon as they are there, as to a consumer with enhanced fan-out: AWS's way for those.</summary>
    Push,
}
