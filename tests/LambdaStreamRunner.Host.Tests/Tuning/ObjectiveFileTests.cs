using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Host.Tests.Verbs;
using LambdaStreamRunner.Host.Tuning;
using LambdaStreamRunner.Host.Verbs;

namespace LambdaStreamRunner.Host.Tests.Tuning;

public sealed class ObjectiveFileTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void It_has_objectives_settings_and_options()
    {
        ObjectiveFile file = Read("""
            { "Objectives": ["iteratorAge.p99 < 2s", "discarded <= 0"],
              "Settings": { "ShardCount": 2, "BatchSize": 50, "ParallelizationFactor": 4, "Consumer": "EFO", "BisectBatchOnFunctionError": true,
                            "MaximumRecordAgeInSeconds": 60, "FunctionResponseTypes": ["ReportBatchItemFailures"], "LanePolicy": "DynamicKeys" },
              "Traffic": { "Trace": "access.csv", "TraceSpeed": 100 }, "Handler": { "HandlerModel": "20ms" } }
            """);

        Assert.Equal("iteratorAge.p99 < 2s and discarded <= 0", file.Objective.ToString());
        EventSourceMapping mapping = file.Setting.Mapping;
        Assert.Equal((2, 50, 4, PollingMode.Push, true), (file.Setting.Shards, mapping.BatchSize, mapping.ParallelizationFactor, mapping.Polling, mapping.BisectBatchOnFunctionError));
        Assert.Equal((TimeSpan.FromMinutes(1), true, LanePolicy.DynamicKeys), (mapping.MaximumRecordAge, mapping.ReportsBatchItemFailures, mapping.LanePolicy));
        Assert.Equal(
            [("--trace", _workspace.PathOf("access.csv")), ("--trace-speed", "100"), ("--handler-model", "20ms")],
            file.Arguments.Select(argument => (argument.Option, Assert.Single(argument.Values))));
    }

    [Fact]
    public void What_settings_leave_out_is_as_AWS_has_it()
    {
        EventSourceMapping mapping = Read("""{ "Objectives": ["latency.p50 < 1s"], "Settings": { } }""").Setting.Mapping;

        Assert.Equal(new EventSourceMapping { Polling = PollingMode.Aws }, mapping);
    }

    [Fact]
    public void Settings_may_be_those_of_a_mapping_of_a_configuration()
    {
        _workspace.Write("runner.json", """
            { "Streams": { "clicks": { "ShardCount": 3 } },
              "Functions": { "F": { "CodeUri": ".", "Handler": "A::B::C" } },
              "EventSourceMappings": [ { "EventSourceArn": "clicks", "FunctionName": "F", "StartingPosition": "LATEST", "BatchSize": 77 } ] }
            """);

        ObjectiveFile file = Read("""{ "Objectives": ["latency.p50 < 1s"], "Mapping": "clicks → F" }""");

        Assert.Equal("The mapping \"clicks → F\" starts at LATEST; it is simulated as enabled, from the first record of the traffic on.", file.Remark);
        Assert.Equal((3, 77, PollingMode.Aws), (file.Setting.Shards, file.Setting.Mapping.BatchSize, file.Setting.Mapping.Polling));
    }

    [Theory]
    [InlineData("\"TumblingWindowInSeconds\": 60", "has a TumblingWindowInSeconds")]
    [InlineData("\"FilterCriteria\": { \"Filters\": [ { \"Pattern\": \"{}\" } ] }", "has FilterCriteria")]
    public void A_mapping_that_no_simulation_can_do_ended_in_a_stack_trace(string setting, string expected)
    {
        _workspace.Write("runner.json", $$"""
            { "Streams": { "clicks": { "ShardCount": 3 } },
              "Functions": { "F": { "CodeUri": ".", "Handler": "A::B::C" } },
              "EventSourceMappings": [ { "EventSourceArn": "clicks", "FunctionName": "F", "StartingPosition": "TRIM_HORIZON", {{setting}} } ] }
            """);

        FormatException refused = Assert.Throws<FormatException>(() => Read("""{ "Objectives": ["latency.p50 < 1s"] }"""));

        Assert.Contains($"runner.json: the mapping \"clicks → F\" {expected}", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Objective": [] }""", "the nearest is Objectives")]
    [InlineData("""{ "Settings": { } }""", "Objectives is missing")]
    [InlineData("""{ "Objectives": ["latency.p51 < 1s"], "Settings": { } }""", "no figure of an objective")]
    [InlineData("""{ "Objectives": ["latency.p50 < 1s"], "Settings": { "BachSize": 1 } }""", "the nearest is BatchSize")]
    [InlineData("""{ "Objectives": ["latency.p50 < 1s"], "Settings": { "BatchSize": 0 } }""", "from 1 to 10,000")]
    [InlineData("""{ "Objectives": ["latency.p50 < 1s"], "Settings": { "BatchSize": null } }""", "it takes a text, a number")]
    [InlineData("""{ "Objectives": ["latency.p50 < 1s"], "Settings": { }, "Mapping": "x" }""", "leave the one that is meant")]
    [InlineData("""{ "Objectives": ["latency.p50 < 1s"], "Settings": { }, "Traffic": { "Race": "x" } }""", "the nearest is Trace")]
    [InlineData("""{ "Objectives": ["latency.p50 < 1s"], "Settings": { "LanePolicy": "7" } }""", "HashLanes or DynamicKeys")]
    [InlineData("""{ "Objectives": ["latency.p50 < 1s"] }""", "needs Settings, or a Config")]
    [InlineData("""[]""", "is no JSON object")]
    public void What_is_wrong_is_said_with_what_is_allowed(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => Read(text)).Message, StringComparison.Ordinal);

    private ObjectiveFile Read(string text) =>
        ObjectiveFile.Read(_workspace.Write("slo.json", text), new TrafficOptions().All, new HandlerOptions().All, DateTimeOffset.UnixEpoch);
}
