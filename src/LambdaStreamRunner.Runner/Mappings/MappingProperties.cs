using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Mappings;

/// <summary>The parameters that a Kinesis mapping has, besides its source and its function (reference 1.2).</summary>
internal static class MappingProperties
{
    public static ImmutableArray<MappingProperty> All { get; } =
    [
        new("Enabled", mapping => mapping.IsEnabled, (mapping, value) => mapping with { IsEnabled = value.GetBoolean() }) { IsShown = false },
        new("StartingPosition", mapping => WordOf(mapping.Settings.StartingPosition), Change((settings, value) => settings with { StartingPosition = PositionOf(value.GetString()!) }))
        {
            IsMutable = false,
        },
        new(
            "StartingPositionTimestamp",
            mapping => mapping.Settings.StartingPositionTimestamp?.ToUnixTimeSeconds(),
            Change((settings, value) => settings with { StartingPositionTimestamp = TimeOf(value) }))
        {
            IsMutable = false,
        },
        new("BatchSize", mapping => mapping.Settings.BatchSize, Change((settings, value) => settings with { BatchSize = Integer(value) })),
        new(
            "MaximumBatchingWindowInSeconds",
            mapping => (int)mapping.Settings.MaximumBatchingWindow.TotalSeconds,
            Change((settings, value) => settings with { MaximumBatchingWindow = TimeSpan.FromSeconds(Integer(value)) })),
        new(
            "ParallelizationFactor",
            mapping => mapping.Settings.ParallelizationFactor,
            Change((settings, value) => settings with { ParallelizationFactor = Integer(value) })),
        new(
            "BisectBatchOnFunctionError",
            mapping => mapping.Settings.BisectBatchOnFunctionError,
            Change((settings, value) => settings with { BisectBatchOnFunctionError = value.GetBoolean() })),
        new(
            "MaximumRetryAttempts",
            mapping => mapping.Settings.MaximumRetryAttempts,
            Change((settings, value) => settings with { MaximumRetryAttempts = Integer(value) })),
        new(
            "MaximumRecordAgeInSeconds",
            mapping => (int?)mapping.Settings.MaximumRecordAge?.TotalSeconds ?? EventSourceMapping.Unlimited,
            Change((settings, value) => settings with { MaximumRecordAge = Integer(value) is > 0 and int age ? TimeSpan.FromSeconds(age) : null })),
        new(
            "FunctionResponseTypes",
            mapping => new JsonArray([.. mapping.Settings.FunctionResponseTypes.Select(type => JsonValue.Create(type.ToString()))]),
            Change((settings, value) => settings with { FunctionResponseTypes = [.. value.EnumerateArray().Select(_ => FunctionResponseType.ReportBatchItemFailures)] })),
        new(
            "TumblingWindowInSeconds",
            mapping => (int)mapping.Settings.TumblingWindow.TotalSeconds,
            Change((settings, value) => settings with { TumblingWindow = TimeSpan.FromSeconds(Integer(value)) })),
        FilterProperty.Make(),
        DestinationProperty.Make(),
        MetricsProperty.Make(),
    ];

    /// <summary>Those that UpdateEventSourceMapping takes.</summary>
    public static ImmutableArray<MappingProperty> Mutable { get; } = [.. All.Where(property => property.IsMutable)];

    /// <summary>The starting position that a request names; it has passed validation.</summary>
    public static StartingPosition PositionOf(string word) => word switch
    {
        "LATEST" => StartingPosition.Latest,
        "AT_TIMESTAMP" => StartingPosition.AtTimestamp,
        _ => StartingPosition.TrimHorizon,
    };

    /// <summary>A time in whole seconds; AWS drops parts of a second. Null for no time.</summary>
    public static DateTimeOffset? TimeOf(JsonElement value) =>
        value.ValueKind is JsonValueKind.Null ? null : DateTimeOffset.FromUnixTimeSeconds((long)Math.Clamp(Math.Floor(value.GetDouble()), 0, SecondsMax));

    private const double SecondsMax = 253_402_300_799;        // the end of the year 9999

    private static Func<MappingConfiguration, JsonElement, MappingConfiguration> Change(Func<EventSourceMapping, JsonElement, EventSourceMapping> change) =>
        (mapping, value) => mapping with { Settings = change(mapping.Settings, value) };

    private static string WordOf(StartingPosition position) => position switch
    {
        StartingPosition.Latest => "LATEST",
        StartingPosition.AtTimestamp => "AT_TIMESTAMP",
        _ => "TRIM_HORIZON",
    };

    private static int Integer(JsonElement value) => StreamServer.Protocol.Arguments.ToInteger(value);
}
