using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Functions.Tests;

namespace LambdaStreamRunner.FunctionHost.Tests;

public class LogLines
{
    [Fact]
    public async Task The_handlers_logger_writes_time_request_id_level_and_message()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.ContextReader::Log", At("AWS_LAMBDA_HANDLER_LOG_LEVEL", "Trace"));
        DateTimeOffset before = TimeProvider.System.GetUtcNow();

        api.Invoke("{}");

        List<string> seen = [];
        for (int line = 0; line < 7; line++)
        {
            string[] parts = (await host.LineAsync()).Split('\t');
            var time = DateTimeOffset.ParseExact(parts[0], "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            Assert.InRange(time, before.AddMilliseconds(-1), TimeProvider.System.GetUtcNow());
            Assert.Equal(SupportedHandlers.RequestId, parts[1]);
            seen.Add($"{parts[2]} {parts[3]}");
        }
        Assert.Equal(
            [
                "INFO plain", "INFO line", "WARN named level", "DEBUG level of the enum", "INFO order a1 took 2.3 ms",
                "ERROR failed hard\rSystem.InvalidOperationException: boom", "FATAL number 7",
            ],
            seen);
    }

    [Theory]
    [InlineData("AWS_LAMBDA_LOG_LEVEL", "", "INFO plain")]
    [InlineData("AWS_LAMBDA_LOG_LEVEL", "WARN", "WARN named level")]
    [InlineData("AWS_LAMBDA_LOG_LEVEL", "FATAL", "FATAL number 7")]
    [InlineData("AWS_LAMBDA_HANDLER_LOG_LEVEL", "error", "ERROR failed hard\rSystem.InvalidOperationException: boom")]
    public async Task Lines_below_the_least_level_which_is_Information_are_not_written(string variable, string level, string first)
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.ContextReader::Log", At(variable, level));

        api.Invoke("{}");

        List<string> seen = [];
        while (seen is not [.., "FATAL number 7"])
            seen.Add(string.Join(' ', (await host.LineAsync()).Split('\t')[2..]));
        Assert.Equal(first, seen[0]);
        Assert.DoesNotContain("DEBUG level of the enum", seen);
    }

    [Fact]
    public async Task Lines_are_JSON_where_the_function_asks_for_it()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.ContextReader::Log", At("AWS_LAMBDA_LOG_FORMAT", "JSON"));

        api.Invoke("{}");

        List<string> seen = [];
        while (seen is not [.., "Critical number 7"])
        {
            JsonElement line = JsonSerializer.Deserialize<JsonElement>(await host.LineAsync());
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", line.GetProperty("timestamp").GetString());
            Assert.Equal(SupportedHandlers.RequestId, line.GetProperty("requestId").GetString());
            seen.Add($"{line.GetProperty("level")} {line.GetProperty("message")}");
        }
        Assert.Contains("Warning named level", seen);
        Assert.Contains("Error failed hard\nSystem.InvalidOperationException: boom", seen);
    }

    [Fact]
    public async Task What_is_written_to_the_console_is_out_at_once_though_its_line_has_no_end()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.EnvironmentReader::ConsoleTextAndEnd");

        api.Invoke("\"no end\"");

        Assert.Equal("no end", await host.LineAsync());
    }

    [Fact]
    public async Task What_is_written_to_the_console_stays_as_it_is()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.EnvironmentReader::ConsoleLine");

        api.Invoke("\"a\\tb\"");

        Assert.Equal("a\tb", await host.LineAsync());
    }

    private static HostStart At(string variable, string value) => new() { Variables = ImmutableDictionary<string, string>.Empty.Add(variable, value) };
}
