using System.Text.Json;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Telemetry;

namespace LambdaStreamRunner.Runner.Tests.Telemetry;

public class RunSummaryTests
{
    private static readonly MappingSummary Mapping = new()
    {
        Name = "clicks → AccessLog",
        Function = "AccessLog",
        Stream = "clicks",
        Succeeded = 9_999,
        Discarded = 1,
        Invocations = 110,
        FailedInvocations = 8,
        BatchSize = new BatchSizeSummary(97.25, 100),
        Flushes = new FlushSummary(90, 11, 0, 0, 2),
        IteratorAgeMs = new PercentileSummary(12, 40, 57),
        LatencyMs = new PercentileSummary(20, 81, 1_250),
    };

    [Fact]
    public void Names_nesting_and_order_are_those_of_the_design()
    {
        using JsonDocument document = JsonDocument.Parse(new RunSummary([Mapping], 1_500, 6_666.7).ToJson());

        Assert.Equal(["mappings", "durationMs", "recordsPerSecond"], Names(document.RootElement));
        JsonElement mapping = document.RootElement.GetProperty("mappings")[0];
        Assert.Equal(
            [
                "name", "function", "stream", "polling", "lanePolicy", "records", "succeeded", "filtered", "discarded", "unsettled",
                "invocations", "failedInvocations", "throttles", "retries", "bisections", "duplicateDeliveries", "orderViolations",
                "maxConcurrency", "batchSize", "flushes", "iteratorAgeMs", "latencyMs",
            ], Names(mapping));
        Assert.Equal(["mean", "max"], Names(mapping.GetProperty("batchSize")));
        Assert.Equal(["size", "window", "payload", "shardEnd", "drain"], Names(mapping.GetProperty("flushes")));
        Assert.Equal(["p50", "p99", "max"], Names(mapping.GetProperty("iteratorAgeMs")));
        Assert.Equal(["p50", "p99", "max"], Names(mapping.GetProperty("latencyMs")));
    }

    [Fact]
    public void Values_are_written_as_on_the_command_line()
    {
        string json = new RunSummary([Mapping with { LanePolicy = LanePolicy.DynamicKeys, Polling = PollingMode.Aws }], 0, 0).ToJson();

        Assert.Contains("\"name\": \"clicks → AccessLog\"", json, StringComparison.Ordinal);
        Assert.Contains("\"polling\": \"aws\"", json, StringComparison.Ordinal);
        Assert.Contains("\"lanePolicy\": \"DynamicKeys\"", json, StringComparison.Ordinal);
        Assert.Contains("\"records\": 10000", json, StringComparison.Ordinal);
        Assert.Contains("\"mean\": 97.25", json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_mappings_or_records_is_an_empty_document_and_no_failure()
    {
        RunSummary run = RunSummary.Of([]);

        Assert.Equal((0L, 0d, false), (run.DurationMs, run.RecordsPerSecond, run.HasFailures));
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 0, 1)]
    public void Discarded_or_unsettled_records_and_broken_guarantees_are_failures(long discarded, long unsettled, long violations)
    {
        MappingSummary mapping = Mapping with { Discarded = discarded, Unsettled = unsettled, ViolationCount = violations };

        Assert.True(RunSummary.Of([mapping]).HasFailures);
        Assert.False(RunSummary.Of([Mapping with { Discarded = 0 }]).HasFailures);
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
