using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads <c>EventSourceMappings</c>: AWS's names, ranges and rules between settings.</summary>
/// <remarks>
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html"/>. Its rule that a
/// BatchSize above 10 needs a window of at least a second does not hold for streams, whatever the page says.
/// </remarks>
internal static class MappingsSection
{
    public static readonly SectionNames Names = new(
        "a mapping",
        [
            "EventSourceArn", "FunctionName", "Enabled", "StartingPosition", "StartingPositionTimestamp",
            "BatchSize", "MaximumBatchingWindowInSeconds", "ParallelizationFactor",
            "BisectBatchOnFunctionError", "MaximumRetryAttempts", "MaximumRecordAgeInSeconds", "FunctionResponseTypes",
            "DestinationConfig", "TumblingWindowInSeconds", "FilterCriteria", "KMSKeyArn", "MetricsConfig", "Runner",
        ],
        [
            new("KMSKeyArn", "is not available: patterns are kept as they are written, and nothing here encrypts them. Leave it out.", RefusedSetting.EmptyText),
            new("Tags", "is not available yet. Leave it out."),
            .. OtherSources("LoggingConfig", "ProvisionedPollerConfig", "ScalingConfig", "Topics", "Queues", "SourceAccessConfigurations", "SelfManagedEventSource",
                "AmazonManagedKafkaEventSourceConfig", "SelfManagedKafkaEventSourceConfig", "DocumentDBEventSourceConfig"),
        ]);

    private static readonly EventSourceMapping Defaults = new();

    public static ImmutableArray<MappingConfiguration> Read(
        JsonValue.Array? at, ImmutableArray<StreamConfiguration> streams, ImmutableArray<FunctionConfiguration> functions, Reading reading)
    {
        var mappings = ImmutableArray.CreateBuilder<MappingConfiguration>();
        var places = new Dictionary<(string Source, string Function), string>();
        foreach (Section section in at?.Sections(Names, reading.Problems) ?? [])
        {
            if (Mapping(section, streams, functions, reading) is not MappingConfiguration mapping)
                continue;
            if (places.TryAdd((mapping.SourceArn, mapping.FunctionArn), section.At.Path))
                mappings.Add(mapping);
            else
                reading.Problems.Error(section.At, Duplicate(mapping, places[(mapping.SourceArn, mapping.FunctionArn)]));
        }
        return mappings.ToImmutable();
    }

    private static MappingConfiguration? Mapping(
        Section section, ImmutableArray<StreamConfiguration> streams, ImmutableArray<FunctionConfiguration> functions, Reading reading)
    {
        (StreamConfiguration Stream, string Arn)? source = section.RequiredText("EventSourceArn", "name a stream of Streams.") is string sourceWritten
            ? StreamsSection.ResolveSource(section.Find("EventSourceArn")!, sourceWritten, streams, reading)
            : null;
        (FunctionConfiguration Function, string? Qualifier)? function = section.RequiredText("FunctionName", "name a function of Functions.") is string functionWritten
            ? FunctionsSection.Resolve(section.Find("FunctionName")!, functionWritten, functions, reading)
            : null;
        EventSourceMapping settings = Settings(section, reading);
        OnFailureDestination? onFailure = DestinationSection.Read(section.Object("DestinationConfig"), source?.Stream.Name ?? "records", reading);
        bool hasEventCount = MetricsSection.HasEventCount(section.Object("MetricsConfig"), reading.Problems);
        bool isEnabled = section.Flag("Enabled", otherwise: true);
        if (source is not (StreamConfiguration stream, string sourceArn) || function is null)
            return null;
        if (sourceArn != stream.Arn)
            settings = settings with { Polling = PollingMode.Push };

        return new MappingConfiguration
        {
            Settings = settings with { EventSourceArn = sourceArn, FunctionName = function.Value.Function.Name },
            Stream = stream,
            Function = function.Value.Function,
            Qualifier = function.Value.Qualifier,
            IsEnabled = isEnabled,
            HasEventCount = hasEventCount,
            OnFailure = onFailure,
            Endpoints = reading.Endpoints,
        };
    }

    private static EventSourceMapping Settings(Section section, Reading reading)
    {
        (StartingPosition position, DateTimeOffset? positionTime) = StartingPositionSettings.Read(section, reading);
        RunnerSection runner = RunnerSection.Read(section.Object("Runner"), reading);
        var settings = new EventSourceMapping
        {
            BatchSize = section.Integer("BatchSize", Defaults.BatchSize, 1, EventSourceMappingLimits.BatchSizeMax),
            MaximumBatchingWindow = TimeSpan.FromSeconds(
                section.Integer("MaximumBatchingWindowInSeconds", 0, 0, EventSourceMappingLimits.MaximumBatchingWindowSecondsMax)),
            ParallelizationFactor = section.Integer("ParallelizationFactor", Defaults.ParallelizationFactor, 1, EventSourceMappingLimits.ParallelizationFactorMax),
            BisectBatchOnFunctionError = section.Flag("BisectBatchOnFunctionError", otherwise: false),
            MaximumRetryAttempts = section.Integer(
                "MaximumRetryAttempts", EventSourceMapping.Unlimited, EventSourceMapping.Unlimited, EventSourceMappingLimits.MaximumRetryAttemptsMax),
            MaximumRecordAge = MaximumRecordAge(section, reading.Problems),
            FunctionResponseTypes = FunctionResponseTypes(section.List("FunctionResponseTypes"), reading.Problems),
            FilterCriteria = FilterSection.Read(section.Object("FilterCriteria"), runner.FiltersMax, reading.Problems),
            TumblingWindow = TimeSpan.FromSeconds(section.Integer("TumblingWindowInSeconds", 0, 0, EventSourceMappingLimits.TumblingWindowSecondsMax)),
            TumblingWindowGrace = runner.TumblingWindowGrace,
            StartingPosition = position,
            StartingPositionTimestamp = positionTime,
            LanePolicy = runner.LanePolicy,
            Polling = runner.Polling,
        };
        if (settings.TumblingWindow > TimeSpan.Zero && settings.ParallelizationFactor > 1)
            reading.Problems.Error(section.Find("ParallelizationFactor")!, $"is {settings.ParallelizationFactor}; with TumblingWindowInSeconds AWS takes 1 only. Leave out one of the two.");
        if (settings.MaximumBatchingWindow >= settings.MaximumRecordAge)
        {
            reading.Problems.Warning(
                section.Find("MaximumBatchingWindowInSeconds")!,
                "is not shorter than MaximumRecordAgeInSeconds: records that wait for the whole window are discarded for their age, as on AWS. Shorten it.");
        }
        return settings;
    }

    private static TimeSpan? MaximumRecordAge(Section section, Problems problems)
    {
        const string Name = "MaximumRecordAgeInSeconds";
        switch (section.WholeNumber(Name))
        {
            case null or EventSourceMapping.Unlimited:
                return null;
            case >= EventSourceMappingLimits.MaximumRecordAgeSecondsMin and <= EventSourceMappingLimits.MaximumRecordAgeSecondsMax and long seconds:
                return TimeSpan.FromSeconds(seconds);
            case long seconds:
                problems.Error(section.Find(Name)!, $"is {seconds}; AWS takes -1 (forever) or {EventSourceMappingLimits.MaximumRecordAgeSecondsMin} to {EventSourceMappingLimits.MaximumRecordAgeSecondsMax}. Write one of these, or leave it out for -1.");
                return null;
        }
    }

    private static ImmutableArray<FunctionResponseType> FunctionResponseTypes(JsonValue.Array? at, Problems problems)
    {
        const string Only = nameof(FunctionResponseType.ReportBatchItemFailures);
        foreach (JsonValue item in at?.Items ?? [])
        {
            if (item is not JsonValue.Text text || !text.Value.Equals(Only, StringComparison.OrdinalIgnoreCase))
                problems.Error(item, $"is {item.Quoted}; it can be \"{Only}\".");
        }
        if (at is { Items.Length: > 1 })
            problems.Error(at, $"has {at.Items.Length} items; AWS takes 0 or 1. Write [\"{Only}\"] or [].");
        return at is { Items.Length: > 0 } ? [FunctionResponseType.ReportBatchItemFailures] : [];
    }

    /// <summary>AWS's own words, with the place in the file instead of a UUID.</summary>
    private static string Duplicate(MappingConfiguration mapping, string place) =>
        $"repeats {place}: the event source arn (\" {mapping.SourceArn} \") and function (\" {mapping.Function.Name} \") provided mapping already exists. " +
        "Change that one, and remove this one.";

    private static IEnumerable<RefusedSetting> OtherSources(params string[] names) =>
        names.Select(name => new RefusedSetting(name, "is for other event sources than Kinesis streams. Remove it."));
}
