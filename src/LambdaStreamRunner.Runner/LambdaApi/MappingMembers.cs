using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.StreamServer.Protocol;
using static LambdaStreamRunner.StreamServer.Protocol.MemberType;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>What the service model asks of the members of Create and Update: all that is broken is told at once (reference 1.2).</summary>
internal static class MappingMembers
{
    /// <summary>Most tags of a resource.</summary>
    public const int TagsMax = 50;

    /// <summary>Longest name of a function, ARN and all.</summary>
    public const int FunctionNameMax = 256;

    public static Member EventSourceArn { get; } = new("EventSourceArn", MemberType.String) { LengthMax = 10_000, Pattern = LambdaPatterns.Arn };

    public static Member FunctionName { get; } =
        new("FunctionName", MemberType.String) { LengthMin = 1, LengthMax = FunctionNameMax, Pattern = LambdaPatterns.FunctionName };

    public static Member Tags { get; } = new("Tags", Map)
    {
        LengthMax = TagsMax,
        Key = new("Key", MemberType.String) { LengthMin = 1, LengthMax = 128 },
        Element = new("Value", MemberType.String) { LengthMin = 0, LengthMax = 256 },
    };

    private static readonly ImmutableArray<Member> Shared =
    [
        new("Enabled", MemberType.Boolean),
        Number("BatchSize", 1, EventSourceMappingLimits.BatchSizeMax),
        Number("MaximumBatchingWindowInSeconds", 0, EventSourceMappingLimits.MaximumBatchingWindowSecondsMax),
        Number("ParallelizationFactor", 1, EventSourceMappingLimits.ParallelizationFactorMax),
        Number("MaximumRecordAgeInSeconds", EventSourceMapping.Unlimited, EventSourceMappingLimits.MaximumRecordAgeSecondsMax),
        new("BisectBatchOnFunctionError", MemberType.Boolean),
        Number("MaximumRetryAttempts", EventSourceMapping.Unlimited, EventSourceMappingLimits.MaximumRetryAttemptsMax),
        Number("TumblingWindowInSeconds", 0, EventSourceMappingLimits.TumblingWindowSecondsMax),
        new("FunctionResponseTypes", List)
        {
            LengthMin = 0, LengthMax = 1, Element = new("FunctionResponseType", MemberType.String) { Values = ["ReportBatchItemFailures"], LengthMin = 0, LengthMax = 256 },
        },
        new("FilterCriteria", Structure)
        {
            Members = [new("Filters", List) { Element = new("Filter", Structure) { Members = [new("Pattern", MemberType.String) { LengthMin = 0, LengthMax = 4096 }] } }],
        },
        new("KMSKeyArn", MemberType.String) { LengthMax = 10_000, Pattern = LambdaPatterns.KeyArn },
        new("DestinationConfig", Structure) { Members = [Destination("OnSuccess"), Destination("OnFailure")] },
        new("MetricsConfig", Structure)
        {
            Members =
            [
                new("Metrics", List)
                {
                    LengthMin = 0, LengthMax = 3,
                    Element = new("Metric", MemberType.String) { Values = ["EventCount", "ErrorCount", "KafkaMetrics"], LengthMin = 0, LengthMax = 256 },
                },
            ],
        },
    ];

    /// <summary>Of CreateEventSourceMapping. That StartingPosition is missing is the service's word, and not the model's.</summary>
    public static ImmutableArray<Member> Create { get; } =
    [
        EventSourceArn,
        FunctionName with { IsRequired = true },
        new("StartingPosition", MemberType.String) { Values = ["LATEST", "AT_TIMESTAMP", "TRIM_HORIZON"] },
        new("StartingPositionTimestamp", Timestamp),
        Tags,
        .. Shared,
    ];

    /// <summary>Of UpdateEventSourceMapping.</summary>
    public static ImmutableArray<Member> Update { get; } = [FunctionName, .. Shared];

    private static Member Number(string name, int min, int max) => new(name, Integer) { ValueMin = min, ValueMax = max };

    private static Member Destination(string name) =>
        new(name, Structure) { Members = [new("Destination", MemberType.String) { LengthMin = 0, LengthMax = 350, Pattern = LambdaPatterns.Destination }] };
}
