using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Filtering;

namespace LambdaStreamRunner.Core.Histories.Lines;

/// <summary>A mapping with its settings, by AWS's names where there are any.</summary>
internal static class MappingLine
{
    /// <summary>The member that tells this line from others: the mapping's place in the file.</summary>
    public const string Mapping = "mapping";

    public static void Write(Utf8JsonWriter json, int index, HistoryMapping mapping)
    {
        json.WriteNumber(Mapping, index);
        json.WriteString("name", mapping.Name);
        if (mapping.FunctionTimeout is { } timeout)
            WriteSeconds(json, "functionTimeoutInSeconds", timeout);
        if (mapping.OnFailure is not null)
            json.WriteString("onFailure", mapping.OnFailure);
        WriteSeconds(json, "retentionInSeconds", mapping.Retention);
        json.WriteNumber("fixedRecordLength", mapping.FixedRecordLength);
        json.WriteNumber("fixedWindowLength", mapping.FixedWindowLength);
        json.WriteStartObject("settings");
        Write(json, mapping.Settings);
        json.WriteEndObject();
    }

    public static HistoryMapping Read(Members line) => new()
    {
        Name = line.Text("name"),
        FunctionTimeout = line.FindSeconds("functionTimeoutInSeconds"),
        OnFailure = line.FindText("onFailure"),
        Retention = RetentionOf(line),
        FixedRecordLength = line.Integer("fixedRecordLength"),
        FixedWindowLength = line.Integer("fixedWindowLength"),
        Settings = ReadSettings(line.Object("settings")),
    };

    // No stream keeps records so long, and every time of a step still has a time so long before it.
    private static readonly TimeSpan RetentionMax = TimeSpan.FromDays(100 * 365);

    private static TimeSpan RetentionOf(Members line)
    {
        TimeSpan retention = line.Seconds("retentionInSeconds");
        return retention >= TimeSpan.Zero && retention <= RetentionMax ? retention
            : throw Members.Wrong("retentionInSeconds", $"from 0 to {RetentionMax.TotalSeconds:0}");
    }

    private static void Write(Utf8JsonWriter json, EventSourceMapping settings)
    {
        json.WriteString("EventSourceArn", settings.EventSourceArn);
        json.WriteString("FunctionName", settings.FunctionName);
        json.WriteString("StartingPosition", WordOf(settings.StartingPosition));
        if (settings.StartingPositionTimestamp is { } start)
            json.WriteString("StartingPositionTimestamp", start.UtcDateTime);
        json.WriteNumber("BatchSize", settings.BatchSize);
        WriteSeconds(json, "MaximumBatchingWindowInSeconds", settings.MaximumBatchingWindow);
        json.WriteNumber("ParallelizationFactor", settings.ParallelizationFactor);
        json.WriteBoolean("BisectBatchOnFunctionError", settings.BisectBatchOnFunctionError);
        json.WriteNumber("MaximumRetryAttempts", settings.MaximumRetryAttempts);
        WriteSeconds(json, "MaximumRecordAgeInSeconds", settings.MaximumRecordAge ?? Never);
        json.WriteStartArray("FunctionResponseTypes");
        foreach (FunctionResponseType type in settings.FunctionResponseTypes)
            json.WriteStringValue(type.ToString());
        json.WriteEndArray();
        WriteFilters(json, settings.FilterCriteria);
        WriteSeconds(json, "TumblingWindowInSeconds", settings.TumblingWindow);
        WriteSeconds(json, "TumblingWindowGraceInSeconds", settings.TumblingWindowGrace);
        json.WriteString("LanePolicy", settings.LanePolicy.ToString());
        json.WriteString("Polling", settings.Polling.ToString());
    }

    private static EventSourceMapping ReadSettings(Members settings)
    {
        TimeSpan age = settings.Seconds("MaximumRecordAgeInSeconds");
        return new EventSourceMapping
        {
            EventSourceArn = settings.Text("EventSourceArn"),
            FunctionName = settings.Text("FunctionName"),
            StartingPosition = PositionOf(settings.Text("StartingPosition")),
            StartingPositionTimestamp = settings.FindTime("StartingPositionTimestamp"),
            BatchSize = settings.Integer("BatchSize"),
            MaximumBatchingWindow = settings.Seconds("MaximumBatchingWindowInSeconds"),
            ParallelizationFactor = settings.Integer("ParallelizationFactor"),
            BisectBatchOnFunctionError = settings.Flag("BisectBatchOnFunctionError"),
            MaximumRetryAttempts = settings.Integer("MaximumRetryAttempts"),
            MaximumRecordAge = age == Never ? null : age,
            FunctionResponseTypes = [.. settings.Texts("FunctionResponseTypes").Select(ResponseTypeOf)],
            FilterCriteria = new FilterCriteria([.. settings.Objects("Filters").Select(filter => PatternOf(filter.Text("Pattern")))]),
            TumblingWindow = settings.Seconds("TumblingWindowInSeconds"),
            TumblingWindowGrace = settings.Seconds("TumblingWindowGraceInSeconds"),
            LanePolicy = settings.Word<LanePolicy>("LanePolicy"),
            Polling = settings.Word<PollingMode>("Polling"),
        };
    }

    // AWS's -1.
    private static readonly TimeSpan Never = TimeSpan.FromSeconds(EventSourceMapping.Unlimited);

    private static void WriteSeconds(Utf8JsonWriter json, string name, TimeSpan time) => json.WriteNumber(name, (decimal)time.Ticks / TimeSpan.TicksPerSecond);

    private static void WriteFilters(Utf8JsonWriter json, FilterCriteria criteria)
    {
        json.WriteStartArray("Filters");
        foreach (FilterPattern filter in criteria.Filters)
        {
            json.WriteStartObject();
            json.WriteString("Pattern", filter.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static FilterPattern PatternOf(string text) =>
        FilterPattern.TryParse(text, out FilterPattern? pattern, out string? reason) ? pattern : throw new BadLineException($"has a filter pattern that {reason}");

    private static FunctionResponseType ResponseTypeOf(string word) =>
        word == nameof(FunctionResponseType.ReportBatchItemFailures) ? FunctionResponseType.ReportBatchItemFailures : throw Members.Wrong("FunctionResponseTypes", $"a list of {nameof(FunctionResponseType.ReportBatchItemFailures)}");

    private static string WordOf(StartingPosition position) => position switch
    {
        StartingPosition.Latest => "LATEST",
        StartingPosition.AtTimestamp => "AT_TIMESTAMP",
        _ => "TRIM_HORIZON",
    };

    private static StartingPosition PositionOf(string word) => word switch
    {
        "TRIM_HORIZON" => StartingPosition.TrimHorizon,
        "LATEST" => StartingPosition.Latest,
        "AT_TIMESTAMP" => StartingPosition.AtTimestamp,
        _ => throw Members.Wrong("StartingPosition", "TRIM_HORIZON, LATEST or AT_TIMESTAMP"),
    };
}
