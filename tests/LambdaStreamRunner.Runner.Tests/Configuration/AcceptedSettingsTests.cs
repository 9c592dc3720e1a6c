using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Configuration;
using static LambdaStreamRunner.Runner.Tests.Configuration.ConfigurationText;

namespace LambdaStreamRunner.Runner.Tests.Configuration;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html</summary>
public class AcceptedSettingsTests
{
    [Fact]
    public void A_mapping_with_only_what_AWS_requires_has_AWS_defaults()
    {
        MappingConfiguration mapping = Valid(WithMapping("")).Mappings[0];

        var defaults = new EventSourceMapping { EventSourceArn = "arn:aws:kinesis:us-east-1:000000000000:stream/clicks", FunctionName = "AccessLog" };
        Assert.Equal(defaults, mapping.Settings);
        Assert.True(mapping.IsEnabled);
        Assert.Null(mapping.OnFailure);
    }

    [Fact]
    public void Every_setting_of_a_mapping_reaches_the_model()
    {
        MappingConfiguration mapping = Valid(WithMapping("""
            "StartingPositionTimestamp": 1789808930.0358956, "Enabled": false, "BatchSize": 10000, "MaximumBatchingWindowInSeconds": 299,
            "ParallelizationFactor": 10, "BisectBatchOnFunctionError": true, "MaximumRetryAttempts": 10000, "MaximumRecordAgeInSeconds": 604800,
            "FunctionResponseTypes": ["ReportBatchItemFailures"], "DestinationConfig": { "OnFailure": { "Destination": "file:failed/x.jsonl" } },
            "Runner": { "LanePolicy": "DynamicKeys", "Polling": "aws" }
            """, "\"AT_TIMESTAMP\"")).Mappings[0];

        EventSourceMapping settings = mapping.Settings;
        Assert.Equal((StartingPosition.AtTimestamp, DateTimeOffset.FromUnixTimeSeconds(1789808930)), (settings.StartingPosition, settings.StartingPositionTimestamp));
        Assert.Equal((10_000, TimeSpan.FromSeconds(299), 10), (settings.BatchSize, settings.MaximumBatchingWindow, settings.ParallelizationFactor));
        Assert.Equal((true, 10_000, TimeSpan.FromDays(7)), (settings.BisectBatchOnFunctionError, settings.MaximumRetryAttempts, settings.MaximumRecordAge));
        Assert.True(settings.ReportsBatchItemFailures);
        Assert.Equal((LanePolicy.DynamicKeys, PollingMode.Aws), (settings.LanePolicy, settings.Polling));
        Assert.Equal(new OnFailureDestination.File("/projects/shop/config/failed/x.jsonl"), mapping.OnFailure);
        Assert.False(mapping.IsEnabled);
    }

    [Fact]
    public void Every_setting_of_a_function_reaches_the_model()
    {
        FunctionConfiguration function = Valid(WithFunction("""
            "Timeout": 900, "MemorySize": 10240, "Environment": { "Variables": { "MODE": "fast", "EMPTY": "" } },
            "Hosting": "InProcess", "Runtime": "dotnet10", "Description": "counts", "AutoPublishAlias": "live",
            "LoggingConfig": { "LogFormat": "json", "ApplicationLogLevel": "Warn", "SystemLogLevel": "DEBUG", "LogGroup": "/shop/logs" }
            """)).Functions[0];

        Assert.Equal(
            new FunctionLogging { LogFormat = FunctionLogFormat.Json, ApplicationLogLevel = FunctionLogLevel.Warn, SystemLogLevel = FunctionLogLevel.Debug, LogGroup = "/shop/logs" },
            function.Logging);
        Assert.Equal(("counts", "live"), (function.Description, function.Alias));
        Assert.Equal(["$LATEST", "$LATEST", "1", "1", null], new[] { null, "$LATEST", "1", "live", "prod" }.Select(function.VersionOf));

        Assert.Equal("arn:aws:lambda:us-east-1:000000000000:function:AccessLog", function.Arn);
        Assert.Equal(("/projects/shop/f", "A::N.T::M"), (function.CodeUri, function.Handler));
        Assert.Equal((TimeSpan.FromMinutes(15), 10_240), (function.Timeout, function.MemorySizeMegabytes));
        Assert.Equal("fast", function.EnvironmentVariables["MODE"]);
        Assert.Equal("", function.EnvironmentVariables["EMPTY"]);
    }

    [Fact]
    public void A_function_that_says_no_more_than_its_code_has_AWS_defaults()
    {
        FunctionConfiguration function = Valid(WithMapping("")).Functions[0];

        Assert.Equal((TimeSpan.FromSeconds(3), 128), (function.Timeout, function.MemorySizeMegabytes));
        Assert.Empty(function.EnvironmentVariables);
    }

    [Theory]
    [InlineData("\"StartingPosition\": \"Latest\"")]
    [InlineData("\"StartingPosition\": \"LATEST\", \"FunctionResponseTypes\": [\"reportbatchitemfailures\"]")]
    [InlineData("\"StartingPosition\": \"latest\", \"Runner\": { \"LanePolicy\": \"dynamickeys\", \"Polling\": \"EAGER\" }")]
    [InlineData("\"StartingPosition\": \"latest\", \"DestinationConfig\": { \"OnFailure\": { \"Destination\": \"FILE:x\" } }")]
    public void Case_does_not_matter_in_values(string settings)
    {
        string json = WithMapping("").Replace("\"StartingPosition\": \"TRIM_HORIZON\"", settings, StringComparison.Ordinal);

        Assert.Equal(StartingPosition.Latest, Valid(json).Mappings[0].Settings.StartingPosition);
    }

    [Theory]
    [InlineData("\"BatchSize\": 100, \"MaximumBatchingWindowInSeconds\": 0")]
    [InlineData("\"BatchSize\": 10000")]
    public void A_large_batch_needs_no_window_whatever_the_API_page_says(string settings) =>
        Assert.Equal(TimeSpan.Zero, Valid(WithMapping(settings)).Mappings[0].Settings.MaximumBatchingWindow);

    [Fact]
    public void A_function_may_have_reserved_concurrency()
    {
        string json = $$"""{ "ConcurrentExecutions": 50, "Functions": { "AccessLog": { {{Function}}, "ReservedConcurrentExecutions": 50 } } }""";

        RunnerConfiguration configuration = Valid(json);

        Assert.Equal((50, 50), (configuration.ConcurrentExecutions, configuration.Functions[0].ReservedConcurrentExecutions));
        string more = json.Replace("\"ReservedConcurrentExecutions\": 50", "\"ReservedConcurrentExecutions\": 51", StringComparison.Ordinal);
        Assert.Contains("reserve 51 executions, more than the account's 50", OnlyError(more).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mapping_may_ask_for_the_metrics_of_events()
    {
        Assert.True(Valid(WithMapping("\"MetricsConfig\": { \"Metrics\": [\"EventCount\"] }")).Mappings[0].HasEventCount);
        Assert.Contains("for a stream it can be \"EventCount\"", OnlyError(WithMapping("\"MetricsConfig\": { \"Metrics\": [\"KafkaMetrics\"] }")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tumbling_window_has_a_length_and_a_grace()
    {
        EventSourceMapping settings = Valid(WithMapping("\"TumblingWindowInSeconds\": 900, \"Runner\": { \"TumblingWindowGraceInSeconds\": 5 }")).Mappings[0].Settings;

        Assert.Equal((TimeSpan.FromSeconds(900), TimeSpan.FromSeconds(5)), (settings.TumblingWindow, settings.TumblingWindowGrace));
    }

    [Fact]
    public void S_06_a_tumbling_window_needs_a_ParallelizationFactor_of_1()
    {
        ConfigurationProblem error = OnlyError(WithMapping("\"TumblingWindowInSeconds\": 30, \"ParallelizationFactor\": 2"));

        Assert.Equal("EventSourceMappings[0].ParallelizationFactor", error.Path);
    }

    [Theory]
    [InlineData("\"TumblingWindowInSeconds\": 0")]
    [InlineData("\"FilterCriteria\": {}")]
    [InlineData("\"FilterCriteria\": { \"Filters\": [] }")]
    [InlineData("\"KMSKeyArn\": \"\"")]
    [InlineData("\"MetricsConfig\": { \"Metrics\": [] }")]
    [InlineData("\"FunctionResponseTypes\": []")]
    [InlineData("\"MaximumRecordAgeInSeconds\": -1, \"MaximumRetryAttempts\": -1")]
    [InlineData("\"DestinationConfig\": {}")]
    [InlineData("\"DestinationConfig\": { \"OnFailure\": { \"Destination\": \"\" } }")]
    public void What_asks_for_nothing_changes_nothing(string settings)
    {
        MappingConfiguration mapping = Valid(WithMapping(settings)).Mappings[0];

        MappingConfiguration plain = Valid(WithMapping("")).Mappings[0];
        Assert.Equal(plain.Settings, mapping.Settings);
        Assert.Null(mapping.OnFailure);
        Assert.True(mapping.IsEnabled);
    }

    [Fact]
    public void A_stream_that_does_not_say_how_many_shards_gets_as_many_as_AWS_gives() =>
        Assert.Equal(4, Valid(WithStream("")).Streams[0].ShardCount);

    [Fact]
    public void The_command_line_beats_the_file_except_a_mapping_s_own_Runner_section()
    {
        var overrides = new ConfigurationOverrides { Polling = PollingMode.Aws };

        Assert.Equal(PollingMode.Aws, Polling(""));
        Assert.Equal(PollingMode.Aws, Polling("\"Runner\": { \"LanePolicy\": \"DynamicKeys\" }"));
        Assert.Equal(PollingMode.Eager, Polling("\"Runner\": { \"Polling\": \"eager\" }"));

        PollingMode Polling(string extra) => Valid(WithMapping(extra), overrides).Mappings[0].Settings.Polling;
    }

    [Theory]
    [InlineData("\"2026-09-19T09:08:50Z\"")]
    [InlineData("\"2026-09-19T11:08:50.5+02:00\"")]
    [InlineData("1789808930")]
    [InlineData("1789808930.9")]
    public void A_timestamp_is_seconds_since_1970_or_a_time_with_its_zone_and_loses_parts_of_a_second(string written) =>
        Assert.Equal(
            new DateTimeOffset(2026, 9, 19, 9, 8, 50, TimeSpan.Zero),
            Valid(WithMapping($"\"StartingPositionTimestamp\": {written}", "\"AT_TIMESTAMP\"")).Mappings[0].Settings.StartingPositionTimestamp);
}
