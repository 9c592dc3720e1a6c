using System.Text.Json;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary>The log of functions as <c>run</c> writes it: all of it, in one stream, for people or for programs.</summary>
public sealed class FunctionLogTests : IDisposable
{
    private const string Line = "10.0.0.1 - - [01/Jan/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"test\"";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task As_JSON_it_has_standard_output_for_itself()
    {
        string config = _workspace.Configure("AccessLog::AccessLog.Function::HandleAsync");
        _workspace.WriteLines("lines", [Line]);

        (int exitCode, string output, string error) = await LambdaStream.RunAsync(_workspace, [.. Until(config), "--log-format", "json", "--reports"]);

        Assert.True(exitCode == 0, output + error);
        JsonElement[] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
        JsonElement counted = Assert.Single(lines, line => line.TryGetProperty("message", out JsonElement message) && message.GetString() == "Counted 1 hits.");
        JsonElement report = Assert.Single(lines, line => line.TryGetProperty("type", out JsonElement type) && type.GetString() == "platform.report").GetProperty("record");
        Assert.Equal(2, lines.Length);
        Assert.Equal(counted.GetProperty("requestId").GetString(), report.GetProperty("requestId").GetString());
        Assert.InRange(report.GetProperty("metrics").GetProperty("durationMs").GetDouble(), 0.001, 30_000);
        Assert.Contains("1 record settled", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_are_written_on_request_and_beside_the_document_of_JSON()
    {
        string config = _workspace.Configure("AccessLog::AccessLog.Function::HandleAsync");
        _workspace.WriteLines("lines", [Line]);

        (_, string json, string error) = await LambdaStream.RunAsync(_workspace, [.. Until(config), "--reports", "--json"]);
        (_, string silent, _) = await LambdaStream.RunAsync(_workspace, Until(config));

        Assert.Equal(1, LambdaStream.Count(LambdaStream.MappingOf(json), "succeeded"));
        Assert.Matches(@"(?m)^Clicks REPORT RequestId: [0-9a-f-]{36}\tDuration: [0-9.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB$", error);
        Assert.Contains(" Information Counted 1 hits.", silent, StringComparison.Ordinal);
        Assert.DoesNotContain("REPORT", silent, StringComparison.Ordinal);
        Assert.False(JsonSerializer.Deserialize<JsonElement>(json).TryGetProperty("functions", out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task All_lines_of_a_process_are_there_at_the_end_also_after_a_signal(bool isDrained)
    {
        Workspace.RequireProgram("python3");
        _workspace.Write("function/app.py", """
            def handler(event, context):
                for number in range(5000):
                    print(f"line {number} \x1b[31m")
                return None
            """);
        string config = _workspace.Write("runner.json", """
            {
              "Streams": { "clicks": { "ShardCount": 1 } },
              "Functions": { "Wordy": { "Runtime": "python3.13", "CodeUri": "function", "Handler": "app.handler", "Timeout": 60 } },
              "EventSourceMappings": [ { "EventSourceArn": "clicks", "FunctionName": "Wordy", "StartingPosition": "TRIM_HORIZON" } ]
            }
            """);
        _workspace.WriteLines("lines", ["one"]);

        await using LambdaStream run = LambdaStream.Start(_workspace, isDrained ? Until(config) : Until(config)[..^1]);
        run.Input.Close();
        if (!isDrained)
        {
            await run.SaysAsync("1 of 1 settled");
            await run.SignalAsync("INT");
        }

        Assert.Equal(0, await run.ExitAsync());
        Assert.Matches(@"Wordy environment \S+ is ready after \d+ ms\.", run.Out);
        string[] lines = [.. run.Out.Split('\n').Where(line => line.Contains(" Information line ", StringComparison.Ordinal))];
        Assert.Equal(Enumerable.Range(0, 5_000).Select(number => $@"line {number} \u001b[31m"), lines.Select(line => line[line.IndexOf("line ", StringComparison.Ordinal)..]));
        Assert.Single(lines.Select(line => line.Split(' ')[1]).Distinct());
    }

    [Fact]
    public async Task A_format_that_is_none_is_refused()
    {
        (int exitCode, _, string error) = await LambdaStream.RunAsync(_workspace, "run", "--config", _workspace.Configure("Succeed"), "--log-format", "xml");

        Assert.Equal((2, "--log-format is 'xml'; it can be 'text' or 'json'."), (exitCode, error.Trim()));
    }

    private static string[] Until(string config) =>
        ["run", "--config", config, "--port", "0", "--input", "lines", "--stream", "clicks", "--partition-key", "key", "--until-drained"];
}
