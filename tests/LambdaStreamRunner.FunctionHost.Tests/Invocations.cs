using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Functions.Tests;

namespace LambdaStreamRunner.FunctionHost.Tests;

/// <summary>What a function sees of an invocation, and what becomes of it.</summary>
public class Invocations
{
    [Fact]
    public async Task The_context_is_made_of_the_variables_and_headers()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.ContextReader::Read", new HostStart
        {
            Variables = Variables(
                ("AWS_LAMBDA_FUNCTION_VERSION", "7"), ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"), ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/31/[7]0123456789abcdef0123456789abcdef")),
        });
        DateTimeOffset before = TimeProvider.System.GetUtcNow();

        api.Invoke("{}", new FakeInvocation { Deadline = before + TimeSpan.FromSeconds(20) });

        string[] told = JsonSerializer.Deserialize<string>((await api.PostedAsync()).Body)!.Split('|');
        var remaining = TimeSpan.Parse(told[5], CultureInfo.InvariantCulture);
        told[5] = "";
        Assert.Equal(
            [SupportedHandlers.RequestId, SupportedHandlers.FunctionName, "7", SupportedHandlers.InvokedFunctionArn, "512", "", "/aws/lambda/orders", "2026/01/31/[7]0123456789abcdef0123456789abcdef", "True", "True"],
            told);
        Assert.InRange(remaining, TimeSpan.FromSeconds(20) - (TimeProvider.System.GetUtcNow() - before), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task The_trace_of_each_invocation_is_in_the_variable_that_tracers_read()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.EnvironmentReader::Variable");

        api.Invoke("\"_X_AMZN_TRACE_ID\"", new FakeInvocation { TraceId = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1" });
        api.Invoke("\"_X_AMZN_TRACE_ID\"");

        Assert.Equal("\"Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1\"", (await api.PostedAsync()).Body);
        Assert.Equal("null", (await api.PostedAsync()).Body);
    }

    [Fact]
    public async Task Statics_live_as_long_as_the_environment()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.EnvironmentReader::Calls");

        for (int call = 1; call <= 3; call++)
        {
            api.Invoke("{}", new FakeInvocation { RequestId = $"request-{call}" });
            Assert.Equal(new Posted($"/invocation/request-{call}/response", $"{call}", null), await api.PostedAsync());
        }
    }

    [Fact]
    public async Task An_exception_is_reported_with_its_frames_and_its_cause_and_the_environment_lives_on()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.Throwing::WithCause");

        api.Invoke("\"x\"");
        api.Invoke("\"x\"", new FakeInvocation { RequestId = "request-2" });

        Posted posted = await api.PostedAsync();
        JsonElement error = JsonDocument.Parse(posted.Body).RootElement;
        Assert.Equal(("/invocation/request-1/error", "InvalidOperationException"), (posted.Path, posted.ErrorType));
        Assert.Equal(("InvalidOperationException", "outer"), (error.GetProperty("errorType").GetString(), error.GetProperty("errorMessage").GetString()));
        Assert.StartsWith("at Fixtures.Throwing.WithCause(String text)", error.GetProperty("stackTrace")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("inner", error.GetProperty("cause").GetProperty("errorMessage").GetString());
        Assert.Equal("/invocation/request-2/error", (await api.PostedAsync()).Path);
    }

    [Fact]
    public async Task An_answer_over_six_megabytes_is_an_error_of_the_function()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.Throwing::Huge");

        api.Invoke("{}");

        Assert.Equal("Function.ResponseSizeTooLarge", (await api.PostedAsync()).ErrorType);
    }

    [Fact]
    public async Task An_event_that_a_handler_has_kept_does_not_turn_into_the_next_one()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.EnvironmentReader::KeepEvent");

        api.Invoke("[1]");
        api.Invoke("[2]");

        Assert.Equal("\"none\"", (await api.PostedAsync()).Body);
        Assert.Equal("\"The event can no longer be read: its invocation has ended.\"", (await api.PostedAsync()).Body);
    }

    [Fact]
    public async Task A_handler_may_end_its_process()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.EnvironmentReader::Exit");

        api.Invoke("3");

        Assert.Equal((3, ""), await host.ExitAsync());
    }

    private static ImmutableDictionary<string, string> Variables(params (string Name, string Value)[] variables) =>
        variables.ToImmutableDictionary(variable => variable.Name, variable => variable.Value);
}
