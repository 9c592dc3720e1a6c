using System.Text.Json;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary><c>run --until-drained</c>: a file in, a summary out, and an exit code that says whether anything was lost.</summary>
public sealed class RunUntilDrainedTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_bad_line_is_bisected_out_and_discarded_alone_under_every_lane_policy()
    {
        const int Bad = 377;
        _workspace.WriteLines("access.log", Enumerable.Range(1, 500).Select(number => number == Bad
            ? "10.0.0.7 - - [01/Jan/2026:00:00:00 +0000] \"GET /cut"
            : $"10.0.0.{number % 20} - - [01/Jan/2026:00:00:00 +0000] \"GET /{number} HTTP/1.1\" 200 {number} \"-\" \"test\""));
        string config = _workspace.Write("runner.json", $$"""
            {
              "Streams": { "clicks": { "ShardCount": 4 } },
              "Functions": { "Hash": {{AccessLog}}, "Serial": {{AccessLog}}, "Dynamic": {{AccessLog}} },
              "EventSourceMappings": [
                {{MappingTo("Hash", 10, "HashLanes")}}, {{MappingTo("Serial", 1, "HashLanes")}}, {{MappingTo("Dynamic", 10, "DynamicKeys")}}
              ]
            }
            """);

        (int exitCode, string json, string error) = await LambdaStream.RunAsync(
            _workspace, "run", "--config", config, "--port", "0", "--input", "access.log", "--stream", "clicks", "--partition-key", "/^(\\S+)/",
            "--until-drained", "--in-memory", "--json");

        Assert.True(exitCode == 1, error);
        JsonElement[] mappings = [.. JsonSerializer.Deserialize<JsonElement>(json).GetProperty("mappings").EnumerateArray()];
        Assert.Equal(3, mappings.Length);
        foreach (JsonElement mapping in mappings)
        {
            LambdaStream.AssertSum(mapping);
            string counts = string.Join(' ', ((string[])["records", "succeeded", "discarded", "unsettled", "orderViolations"]).Select(name => LambdaStream.Count(mapping, name)));
            Assert.Equal("500 499 1 0 0", counts);
            string file = _workspace.PathOf($"failed/{mapping.GetProperty("function").GetString()}.jsonl");
            JsonElement failure = JsonSerializer.Deserialize<JsonElement>(Assert.Single(await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)));
            Assert.Equal("RetryAttemptsExhausted", failure.GetProperty("requestContext").GetProperty("condition").GetString());
            Assert.Equal(1, failure.GetProperty("KinesisBatchInfo").GetProperty("batchSize").GetInt32());
        }
    }

    [Fact]
    public async Task A_minute_of_record_age_takes_a_second_at_speed_60()
    {
        string config = _workspace.Configure("ThrowOnPoison", new()
        {
            ["MaximumRecordAgeInSeconds"] = 60,
            ["DestinationConfig"] = new { OnFailure = new { Destination = "file:failed.jsonl" } },
        });
        _workspace.WriteLines("lines", ["a line"]);

        (int exitCode, string json, string error) = await LambdaStream.RunAsync(
            _workspace, "run", "--config", config, "--port", "0", "--input", "lines", "--stream", "clicks", "--partition-key", "poison",
            "--until-drained", "--speed", "60", "--json");

        Assert.True(exitCode == 1, error);
        JsonElement document = JsonSerializer.Deserialize<JsonElement>(Assert.Single(await File.ReadAllLinesAsync(_workspace.PathOf("failed.jsonl"), TestContext.Current.CancellationToken)));
        Assert.Equal("RecordAgeExceeded", document.GetProperty("requestContext").GetProperty("condition").GetString());
        Assert.False(document.TryGetProperty("responseContext", out _));
        DateTimeOffset arrival = document.GetProperty("KinesisBatchInfo").GetProperty("approximateArrivalOfFirstRecord").GetDateTimeOffset();
        Assert.True(document.GetProperty("timestamp").GetDateTimeOffset() - arrival >= TimeSpan.FromSeconds(60));
        Assert.InRange(LambdaStream.MappingOf(json).GetProperty("latencyMs").GetProperty("max").GetInt64(), 60_000, 600_000);
    }

    [Fact]
    public async Task Without_losses_the_exit_code_is_0_and_people_get_a_table()
    {
        string config = _workspace.Configure("Succeed");
        _workspace.WriteLines("lines", Enumerable.Range(1, 10).Select(number => $"line {number}"));

        (int exitCode, string output, string error) = await LambdaStream.RunAsync(_workspace, Until("lines", config));

        Assert.True(exitCode == 0, output + error);
        Assert.Contains("clicks → Clicks", output, StringComparison.Ordinal);
        Assert.Contains("Kinesis endpoint: http://127.0.0.1:", output, StringComparison.Ordinal);
        Assert.Equal("", error);
    }

    [Fact]
    public async Task What_handlers_print_never_gets_between_the_lines_of_the_JSON()
    {
        string config = _workspace.Configure("Print");
        _workspace.WriteLines("lines", ["one"]);

        (int exitCode, string json, string error) = await LambdaStream.RunAsync(_workspace, [.. Until("lines", config), "--json"]);

        Assert.True(exitCode == 0, error);
        Assert.Equal(1, LambdaStream.Count(LambdaStream.MappingOf(json), "succeeded"));
        Assert.All(["this is", "half a line", "an error line"], text => Assert.Contains(text, error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_that_can_be_no_record_are_named_by_number_and_make_the_exit_code_1()
    {
        string config = _workspace.Configure("Succeed");
        _workspace.WriteLines("lines", ["a good", new string('x', (1024 * 1024) + 1), " no key", "b good"]);

        (int exitCode, string json, string error) = await LambdaStream.RunAsync(
            _workspace, "run", "--config", config, "--port", "0", "--input", "lines", "--stream", "clicks", "--partition-key", "/^(\\S*)/", "--until-drained", "--json");

        Assert.True(exitCode == 1, error);
        Assert.Equal(2, LambdaStream.Count(LambdaStream.MappingOf(json), "succeeded"));
        Assert.Contains("2 lines were not put", error, StringComparison.Ordinal);
        Assert.Contains("line 2 has 1048577 bytes", error, StringComparison.Ordinal);
        Assert.Contains("line 3", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_window_of_five_minutes_passes_in_no_time_at_speed()
    {
        string config = _workspace.Configure("Succeed", new() { ["MaximumBatchingWindowInSeconds"] = 300 });
        _workspace.WriteLines("lines", ["one", "two"]);

        (int exitCode, string json, string error) = await LambdaStream.RunAsync(_workspace, [.. Until("lines", config), "--speed", "200", "--json"]);

        Assert.True(exitCode == 0, error);
        JsonElement mapping = LambdaStream.MappingOf(json);
        Assert.Equal((2, 1), (LambdaStream.Count(mapping, "succeeded"), LambdaStream.Count(mapping.GetProperty("flushes"), "window")));
        // The window runs from the first poll; at this speed the records arrive many seconds of the run's clock later.
        Assert.InRange(LambdaStream.Count(mapping.GetProperty("latencyMs"), "max"), 30_000, 600_000);
    }

    [Fact]
    public async Task Standard_input_is_read_to_its_end()
    {
        string config = _workspace.Configure("Succeed");
        await using LambdaStream program = LambdaStream.Start(_workspace, [.. Until("-", config), "--json"]);
        await program.Input.WriteAsync("one\ntwo\nthree");
        program.Input.Close();

        Assert.Equal(0, await program.ExitAsync());
        Assert.Equal(3, LambdaStream.Count(LambdaStream.MappingOf(program.Out), "succeeded"));
    }

    [Fact]
    public async Task A_drain_that_takes_too_long_names_the_lane_and_the_record_that_block_it()
    {
        string config = _workspace.Configure("ThrowOnPoison", new() { ["ParallelizationFactor"] = 4, ["BatchSize"] = 1 });
        _workspace.WriteLines("lines", ["a 1", "poison 2", "b 3"]);

        (int exitCode, string json, string error) = await LambdaStream.RunAsync(
            _workspace, "run", "--config", config, "--port", "0", "--input", "lines", "--stream", "clicks", "--partition-key", "/^\\S+/",
            "--until-drained", "--drain-timeout", "1.5", "--json");

        Assert.True(exitCode == 1, error);
        JsonElement mapping = LambdaStream.MappingOf(json);
        Assert.Equal((3, 2, 1), (LambdaStream.Count(mapping, "records"), LambdaStream.Count(mapping, "succeeded"), LambdaStream.Count(mapping, "unsettled")));
        Assert.Matches(@"clicks → Clicks, shardId-000000000000, lane \d: record \d{56} \(key 'poison'\), [1-9]\d* failed attempts", error);
    }

    [Fact]
    public async Task A_drain_that_waits_for_a_window_says_which_records_wait()
    {
        string config = _workspace.Configure("Succeed", new() { ["MaximumBatchingWindowInSeconds"] = 300 });
        _workspace.WriteLines("lines", ["one", "two"]);

        (int exitCode, _, string error) = await LambdaStream.RunAsync(_workspace, [.. Until("lines", config), "--drain-timeout", "0.3", "--json"]);

        Assert.True(exitCode == 1, error);
        Assert.Matches(@"clicks → Clicks, shardId-000000000000: 2 records from \d{56} wait for their batching window", error);
    }

    [Fact]
    public async Task A_fault_of_the_runner_itself_is_shown_and_ends_with_a_summary()
    {
        string config = _workspace.Configure("BreakTheLog");
        _workspace.WriteLines("lines", ["one"]);

        (int exitCode, string json, string error) = await LambdaStream.RunAsync(
            _workspace, "run", "--config", config, "--port", "0", "--input", "lines", "--stream", "clicks", "--partition-key", "a", "--json");

        Assert.Equal(1, exitCode);
        Assert.Equal(1, LambdaStream.Count(LambdaStream.MappingOf(json), "unsettled"));
        Assert.Contains("clicks → Clicks: ended by a fault of the runner", error, StringComparison.Ordinal);
        Assert.Contains("System.IO.IOException: The error output is broken.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", error, StringComparison.Ordinal);
    }

    private static string[] Until(string input, string config) =>
        ["run", "--config", config, "--port", "0", "--input", input, "--stream", "clicks", "--partition-key", "key", "--until-drained"];

    private static string AccessLog =>
        $$"""{ "CodeUri": {{JsonSerializer.Serialize(Workspace.DllOf("AccessLog"))}}, "Handler": "AccessLog::AccessLog.Function::HandleAsync", "Timeout": 30 }""";

    private static string MappingTo(string function, int factor, string policy) => $$"""
        {
          "EventSourceArn": "clicks", "FunctionName": "{{function}}", "StartingPosition": "TRIM_HORIZON", "BatchSize": 100, "ParallelizationFactor": {{factor}},
          "BisectBatchOnFunctionError": true, "MaximumRetryAttempts": 1, "Runner": { "LanePolicy": "{{policy}}" },
          "DestinationConfig": { "OnFailure": { "Destination": "file:failed/{{function}}.jsonl" } }
        }
        """;
}
