using System.Buffers;
using System.Text.Json;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Host.Logs;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Host.Tests.Logs;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html</summary>
public class JsonLogTests
{
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 1, 31, 9, 8, 7, 654, TimeSpan.Zero));

    [Fact]
    public void A_line_of_a_function_has_the_members_of_Lambdas_own()
    {
        Assert.Equal(
            """{"timestamp":"2026-01-31T09:08:07.654Z","level":"WARN","message":"it \"is\" late","requestId":"id-1","functionName":"Clicks"}""",
            Written((log, output) => log.Write(output, new FunctionLogLine("Clicks", "id-1", "Warning", "it \"is\" late"))));
    }

    [Theory]
    [InlineData("Trace", "TRACE")]
    [InlineData("Debug", "DEBUG")]
    [InlineData("Information", "INFO")]
    [InlineData("Error", "ERROR")]
    [InlineData("Critical", "FATAL")]
    [InlineData("odd", "ODD")]
    public void Levels_are_the_same_words_for_all_languages(string level, string written)
    {
        Assert.Equal(written, Parsed(new FunctionLogLine("Clicks", "id", level, "")).GetProperty("level").GetString());
    }

    [Theory]
    [InlineData(
        """{"timestamp":"2026-01-31T09:08:07Z","level":"WARNING","message":{"id":7},"requestId":"id-2"}""",
        """{"timestamp":"2026-01-31T09:08:07Z","level":"WARNING","message":{"id":7},"requestId":"id-2","functionName":"Clicks"}""")]
    [InlineData(
        """{"log_level":"ERROR","functionName":"own"}""",
        """{"timestamp":"2026-01-31T09:08:07.654Z","log_level":"ERROR","functionName":"own","requestId":"id-1"}""")]
    public void What_is_JSON_already_is_not_wrapped_again(string text, string written)
    {
        Assert.Equal(written, Written((log, output) => log.Write(output, new FunctionLogLine("Clicks", "id-1", "Warning", text) { IsJson = true })));
    }

    [Fact]
    public void A_line_outside_of_invocations_has_no_request_id()
    {
        Assert.False(Parsed(new FunctionLogLine("Clicks", "", "Information", "it starts")).TryGetProperty("requestId", out _));
    }

    [Fact]
    public void Any_text_is_one_line_that_commands_no_terminal()
    {
        const string Text = "\u001b[2J\u009b \u202e\r\n\t\0 é 語 \ud83d\ude00, half a \ud83d letter";
        string json = Written((log, output) => log.Write(output, new FunctionLogLine("Clicks", "id", "Information", Text)));

        Assert.DoesNotContain(json, letter => char.IsControl(letter) || letter == '\u202e');
        string expected = Text.Replace("\ud83d letter", "\ufffd letter", StringComparison.Ordinal);
        Assert.Equal(expected, JsonSerializer.Deserialize<JsonElement>(json).GetProperty("message").GetString());
    }

    [Fact]
    public void A_report_is_the_event_of_the_Telemetry_API()
    {
        var report = new InvocationReport
        {
            FunctionName = "Clicks",
            RequestId = "id-1",
            LogStreamName = "stream",
            Duration = TimeSpan.FromMilliseconds(12.345),
            MemorySize = 256,
            MaxMemoryUsed = 61,
            InitDuration = TimeSpan.FromMilliseconds(100.2),
        };

        Assert.Equal(
            """
            {"time":"2026-01-31T09:08:07.654Z","type":"platform.report","functionName":"Clicks","logStreamName":"stream","record":{"requestId":"id-1","metrics":{"durationMs":12.35,"billedDurationMs":113,"memorySizeMB":256,"maxMemoryUsedMB":61,"initDurationMs":100.2},"status":"success"}}
            """,
            Written((log, output) => log.Write(output, report with { Duration = TimeSpan.FromMilliseconds(12.351) })));
        Assert.Equal(
            """
            {"time":"2026-01-31T09:08:07.654Z","type":"platform.report","functionName":"Clicks","logStreamName":"stream","record":{"requestId":"id-1","metrics":{"durationMs":3000,"billedDurationMs":3000,"memorySizeMB":256},"status":"timeout"}}
            """,
            Written((log, output) => log.Write(output, report with { Duration = TimeSpan.FromSeconds(3), MaxMemoryUsed = null, InitDuration = null, Status = "timeout" })));
    }

    [Fact]
    public void The_start_of_an_environment_is_the_event_of_the_Telemetry_API()
    {
        var failed = new InitReport { FunctionName = "Clicks", LogStreamName = "stream", Duration = TimeSpan.FromMilliseconds(45.4), Status = "error", ErrorType = "Runtime.ExitError" };

        Assert.Equal(
            """
            {"time":"2026-01-31T09:08:07.654Z","type":"platform.initReport","functionName":"Clicks","logStreamName":"stream","record":{"initializationType":"on-demand","phase":"init","status":"error","errorType":"Runtime.ExitError","metrics":{"durationMs":45.4}}}
            """,
            Written((log, output) => log.Write(output, failed)));
    }

    [Fact]
    public void Warnings_of_the_runner_are_lines_as_well()
    {
        Assert.Equal(
            """{"timestamp":"2026-01-31T09:08:07.654Z","level":"WARN","message":"the calls overlap"}""",
            Written((log, output) => log.Write(output, new Remark("Warning", "the calls overlap"))));
    }

    private static JsonElement Parsed(FunctionLogLine line) => JsonSerializer.Deserialize<JsonElement>(Written((log, output) => log.Write(output, line)));

    private static string Written(Action<ILogFormat, IBufferWriter<char>> write)
    {
        var output = new ArrayBufferWriter<char>();
        write(new JsonLog(Time), output);
        Assert.EndsWith("\n", output.WrittenSpan.ToString(), StringComparison.Ordinal);
        return output.WrittenSpan[..^1].ToString();
    }
}
