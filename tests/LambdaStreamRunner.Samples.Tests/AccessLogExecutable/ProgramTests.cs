using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.FunctionHost.Tests;

namespace LambdaStreamRunner.Samples.Tests.AccessLogExecutable;

/// <summary>The program runs as Lambda runs it: a process that asks for its events.</summary>
public class ProgramTests
{
    [Fact]
    public async Task A_batch_is_counted_and_answered_with_nothing()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using HostProcess program = Start(api);

        api.Invoke(EventOf(Hit("192.0.2.7"), Hit("192.0.2.8")));
        api.Invoke(EventOf(Hit("192.0.2.7")), new FakeInvocation { RequestId = "request-2" });

        Assert.Equal(new Posted("/invocation/request-1/response", "", null), await api.PostedAsync());
        Assert.Equal(new Posted("/invocation/request-2/response", "", null), await api.PostedAsync());
        Assert.EndsWith("\trequest-1\tinfo\tCounted 2 hits.", await program.LineAsync(), StringComparison.Ordinal);
        Assert.EndsWith("\trequest-2\tinfo\tCounted 1 hits.", await program.LineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_cut_off_fails_its_batch_and_not_the_process()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using HostProcess program = Start(api);

        api.Invoke(EventOf(Hit("192.0.2.7"), Hit("192.0.2.7")[..60]));
        api.Invoke(EventOf(Hit("192.0.2.7")), new FakeInvocation { RequestId = "request-2" });

        Posted failed = await api.PostedAsync();
        JsonElement error = JsonDocument.Parse(failed.Body).RootElement;
        Assert.Equal(("/invocation/request-1/error", "FormatException"), (failed.Path, failed.ErrorType));
        Assert.StartsWith("Record 2 is not a line of an access log in combined format: 192.0.2.7", error.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
        Assert.Equal("/invocation/request-2/response", (await api.PostedAsync()).Path);
    }

    // The stand-in for Amazon's runtime wrote every level.
    [Theory]
    [InlineData("AWS_LAMBDA_HANDLER_LOG_LEVEL", "Error", 0)]
    [InlineData("AWS_LAMBDA_LOG_LEVEL", "ERROR", 0)]
    [InlineData("AWS_LAMBDA_LOG_LEVEL", "DEBUG", 1)]
    public async Task Lines_below_the_level_that_the_variables_name_are_not_written(string variable, string level, int lines)
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        HostProcess program = Start(api, ImmutableDictionary<string, string>.Empty.Add(variable, level));
        await using (program)
        {
            api.Invoke(EventOf(Hit("192.0.2.7")));
            await api.PostedAsync();
        }

        Assert.Equal(lines, program.LinesLeft.Count());
    }

    private static HostProcess Start(FakeRuntimeApi api, ImmutableDictionary<string, string>? variables = null) =>
        HostProcess.StartProgram(api, [HostProcess.PathOf("AccessLogExecutable")], variables ?? ImmutableDictionary<string, string>.Empty);

    /// <summary>The members of an event that the function reads; sequence numbers are 1, 2, 3 and so on.</summary>
    private static string EventOf(params string[] lines) => JsonSerializer.Serialize(new
    {
        Records = lines.Select((line, index) => new
        {
            eventSource = "aws:kinesis",
            kinesis = new
            {
                data = Convert.ToBase64String(Encoding.UTF8.GetBytes(line)),
                sequenceNumber = (index + 1).ToString(CultureInfo.InvariantCulture),
                approximateArrivalTimestamp = 1_767_225_600.125,
            },
        }),
    });

    private static string Hit(string client) => $"""{client} - - [31/Jan/2026:09:08:07 +0000] "GET / HTTP/1.1" 200 12 "-" "curl/8.9.1" """.TrimEnd();
}
