using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Tests.Environments.Runtimes;
using LambdaStreamRunner.Runner.Tests.Hosting;
using LambdaStreamRunner.Runner.Tests.Invoking;
using LambdaStreamRunner.Runner.Tests.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.LambdaApi;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html</summary>
public class InvokeTests
{
    [Fact]
    public async Task The_answer_of_the_function_is_the_body()
    {
        await using LambdaServer server = await EchoingAsync();

        LambdaReply reply = await InvokeAsync(server, "{\"name\":\"Ada\"}");

        Assert.Equal((200, "\"hello Ada\""), (reply.Status, Encoding.UTF8.GetString(reply.Body)));
        Assert.Equal("$LATEST", reply.Headers["X-Amz-Executed-Version"]);
        Assert.DoesNotContain("X-Amz-Function-Error", reply.Headers.Keys);
    }

    [Fact]
    public async Task What_the_handler_throws_is_told_as_the_runtime_tells_it()
    {
        await using LambdaServer server = await EchoingAsync();

        LambdaReply reply = await InvokeAsync(server, "{\"name\":\"nobody\"}");

        Assert.Equal((200, "Unhandled"), (reply.Status, reply.Headers["X-Amz-Function-Error"]));
        Assert.Equal(("FormatException", "Who is nobody?"), (reply.Text("errorType"), reply.Text("errorMessage")));
        Assert.NotEqual(0, reply.Json.GetProperty("stackTrace").GetArrayLength());
    }

    [Fact]
    public async Task A_function_that_runs_past_its_Timeout()
    {
        var never = new TaskCompletionSource();
        await using LambdaServer server = await LambdaServer.StartAsync(options => options.AddFunction("Slow", (Greeting _) => never.Task, timeout: TimeSpan.FromMilliseconds(30)));

        LambdaReply reply = await InvokeAsync(server, "{}", "Slow");
        never.SetResult();

        Assert.Equal("Unhandled", reply.Headers["X-Amz-Function-Error"]);
        Assert.EndsWith("Task timed out after 0.03 seconds", reply.Text("errorMessage"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_calls_nobody()
    {
        await using LambdaServer server = await EchoingAsync();

        Assert.Equal(204, (await InvokeAsync(server, "{\"name\":\"nobody\"}", "Echo", ("X-Amz-Invocation-Type", "DryRun"))).Status);
        Assert.Equal(404, (await InvokeAsync(server, "{}", "Nobody", ("X-Amz-Invocation-Type", "DryRun"))).Status);
    }

    [Fact]
    public async Task An_Event_is_accepted_at_once_and_tried_three_times_in_all()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        ConcurrentQueue<string> ids = [];
        using var called = new SemaphoreSlim(0);
        await using (LambdaServer server = await LambdaServer.StartAsync(
            options => options.AddFunction("Broken", new Action<Greeting, Amazon.Lambda.Core.ILambdaContext>((_, context) =>
            {
                ids.Enqueue(context.AwsRequestId);
                called.Release();
                throw new FormatException("Always.");
            })), time))
        {
            LambdaReply reply = await InvokeAsync(server, "{}", "Broken", ("X-Amz-Invocation-Type", "Event"));

            Assert.Equal((202, 0), (reply.Status, reply.Body.Length));
            await called.WaitAsync(TestContext.Current.CancellationToken).SoonAsync();
            DateTimeOffset begun = time.GetUtcNow();
            await PassTimeUntilCalledAsync();
            Assert.True(time.GetUtcNow() - begun >= TimeSpan.FromMinutes(1));
            begun = time.GetUtcNow();
            await PassTimeUntilCalledAsync();
            Assert.True(time.GetUtcNow() - begun >= TimeSpan.FromMinutes(2));

            async Task PassTimeUntilCalledAsync()
            {
                using var patience = new CancellationTokenSource(TestRunner.Patience);
                while (!await called.WaitAsync(TimeSpan.Zero, patience.Token))
                {
                    time.Advance(TimeSpan.FromSeconds(1));
                    await server.SendAsync(HttpMethod.Get, LambdaServer.Mappings);   // lets others come to their turn
                }
            }
        }                                                     // ends when nothing waits any more

        Assert.Equal(3, ids.Count);
        Assert.Single(ids.Distinct());
    }

    [Fact]
    public async Task The_tail_of_the_log_comes_with_the_answer()
    {
        await using LambdaServer server = await LambdaServer.StartAsync(options => options.AddFunction("Talking", (Greeting greeting, Amazon.Lambda.Core.ILambdaContext context) =>
        {
            context.Logger.LogLine($"it is {greeting.Name}");
            return context.AwsRequestId;
        }));

        LambdaReply reply = await InvokeAsync(server, "{\"name\":\"Ada\"}", "Talking", ("X-Amz-Log-Type", "Tail"));

        string[] lines = Encoding.UTF8.GetString(Convert.FromBase64String(reply.Headers["X-Amz-Log-Result"])).Split('\n');
        string id = JsonSerializer.Deserialize<string>(reply.Body)!;
        Assert.Equal($"START RequestId: {id} Version: $LATEST", lines[0]);
        Assert.EndsWith("it is Ada", lines[1], StringComparison.Ordinal);
        Assert.Equal($"END RequestId: {id}", lines[2]);
        Assert.StartsWith($"REPORT RequestId: {id}\tDuration: ", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tail_of_a_process_has_what_it_wrote_and_the_report_of_its_cold_start()
    {
        RuntimeProcess.Require("/usr/bin/python3");
        using var code = new CodeFolder();
        code.Write("app.py", "def handler(event, context):\n    print('it is ' + event['name'])\n    return context.aws_request_id\n");
        using var metrics = new MetricReadings("function_name", "Snake");
        await using LambdaServer server = await LambdaServer.StartAsync(options => options.AddFunction(
            "Snake", function => function with { Hosting = FunctionHosting.Process, Runtime = "python3.13", CodeUri = code.Path, Handler = "app.handler", MemorySizeMegabytes = 256 }));

        LambdaReply reply = await InvokeAsync(server, "{\"name\":\"Ada\"}", "Snake", ("X-Amz-Log-Type", "Tail"));

        string[] lines = Encoding.UTF8.GetString(Convert.FromBase64String(reply.Headers["X-Amz-Log-Result"])).Split('\n');
        string id = JsonSerializer.Deserialize<string>(reply.Body)!;
        Assert.Equal($"START RequestId: {id} Version: $LATEST", lines[0]);
        Assert.Equal($"{id} Information it is Ada", lines[1]);
        Assert.Equal($"END RequestId: {id}", lines[2]);
        Assert.Matches($@"^REPORT RequestId: {id}\tDuration: [0-9.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d+ MB\tInit Duration: [0-9.]+ ms$", lines[3]);
        JsonElement state = JsonSerializer.Deserialize<JsonElement>((await server.SendAsync(HttpMethod.Get, "/_runner/state")).Body);
        JsonElement function = Assert.Single(state.GetProperty("functions").EnumerateArray());
        Assert.Equal(("Snake", 1, 1), (function.GetProperty("name").GetString(), function.GetProperty("environments").GetInt32(), function.GetProperty("counts").GetProperty("coldStarts").GetInt32()));
        metrics.ReadGauges();
        Assert.Single(metrics["init_duration"]);
        Assert.Equal([1.0], metrics["environments"]);
    }

    [Fact]
    public async Task An_alias_runs_as_the_version_behind_it()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        string path = "/2015-03-31/functions/Clicks/invocations?Qualifier=live";

        LambdaReply reply = await server.SendAsync(HttpMethod.Post, path, "{\"Records\":[]}");

        Assert.Equal((200, "1"), (reply.Status, reply.Headers["X-Amz-Executed-Version"]));
    }

    [Fact]
    public async Task Without_a_payload_the_function_gets_an_empty_object()
    {
        await using LambdaServer server = await EchoingAsync();

        Assert.Equal("\"hello \"", Encoding.UTF8.GetString((await server.SendAsync(HttpMethod.Post, "/2015-03-31/functions/Echo/invocations")).Body));
    }

    [Theory]
    [InlineData("RequestResponse", 6_291_456, 200)]
    [InlineData("RequestResponse", 6_291_457, 413)]
    [InlineData("Event", 1_048_576, 202)]
    [InlineData("Event", 1_048_577, 413)]
    public async Task A_payload_has_its_limit(string type, int length, int status)
    {
        await using LambdaServer server = await EchoingAsync();
        byte[] payload = Encoding.UTF8.GetBytes($"{{\"more\":\"{new string('x', length - 11)}\"}}");

        LambdaReply reply = await server.SendAsync(HttpMethod.Post, "/2015-03-31/functions/Echo/invocations", payload, ("X-Amz-Invocation-Type", type));

        Assert.Equal((length, status), (payload.Length, reply.Status));
        if (status == 413)
            Assert.Equal(("RequestTooLargeException", $"Request must be smaller than {length - 1} bytes for the InvokeFunction operation"), (reply.ErrorType, reply.Message));
    }

    [Fact]
    public async Task A_payload_that_is_no_JSON()
    {
        await using LambdaServer server = await EchoingAsync();

        LambdaReply reply = await InvokeAsync(server, "{\"name\":");

        Assert.Equal((400, "InvalidRequestContentException"), (reply.Status, reply.ErrorType));
        Assert.StartsWith("Could not parse request body into json: ", reply.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Amz-Invocation-Type", "Later", "1 validation error detected: Value 'Later' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]")]
    [InlineData("X-Amz-Log-Type", "All", "1 validation error detected: Value 'All' at 'logType' failed to satisfy constraint: Member must satisfy enum value set: [None, Tail]")]
    [InlineData("X-Amz-Client-Context", "e30=", "X-Amz-Client-Context is not available: functions here have no client context. Leave it out.")]
    public async Task A_header_that_is_not_obeyed_is_refused(string name, string value, string message)
    {
        await using LambdaServer server = await EchoingAsync();

        LambdaReply reply = await InvokeAsync(server, "{}", "Echo", (name, value));

        Assert.Equal((400, message), (reply.Status, reply.Message));
    }

    [Fact]
    public async Task Reserved_concurrency_of_0_throttles_it()
    {
        await using LambdaServer server = await LambdaServer.StartAsync(options => options.AddFunction("None", new Action<Greeting>(_ => { }), reservedConcurrentExecutions: 0));

        LambdaReply reply = await InvokeAsync(server, "{}", "None");

        Assert.Equal((429, "TooManyRequestsException", "ReservedFunctionConcurrentInvocationLimitExceeded"), (reply.Status, reply.ErrorType, reply.Text("Reason")));
        Assert.Contains("Retry-After", reply.Headers.Keys);
    }

    [Fact]
    public async Task A_throttle_where_a_remote_function_runs_was_an_error_of_the_service_here()
    {
        await using InvokeServer elsewhere = await InvokeServer.AnsweringAsync(429, """{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","message":"Rate Exceeded."}""");
        using var metrics = new MetricReadings("FunctionName", "ThrottledElsewhere");
        await using LambdaServer server = await LambdaServer.StartAsync(options => options.AddFunction(
            "ThrottledElsewhere", function => function with { Hosting = FunctionHosting.Remote, Endpoint = new ServiceEndpoint(elsewhere.Address) }));

        LambdaReply reply = await InvokeAsync(server, "{}", "ThrottledElsewhere");

        Assert.Equal((429, "TooManyRequestsException"), (reply.Status, reply.ErrorType));
        Assert.Contains("ReservedFunctionConcurrentInvocationLimitExceeded", reply.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (metrics.Sum("Throttles"), metrics.Sum("Invocations")));
    }

    private static Task<LambdaServer> EchoingAsync() => LambdaServer.StartAsync(options => options.AddFunction(
        "Echo", (Greeting greeting) => greeting.Name == "nobody" ? throw new FormatException("Who is nobody?") : $"hello {greeting.Name}"));

    private static Task<LambdaReply> InvokeAsync(LambdaServer server, string payload, string function = "Echo", params (string, string)[] headers) =>
        server.SendAsync(HttpMethod.Post, $"/2015-03-31/functions/{function}/invocations", payload, headers);

    /// <summary>The event of these functions.</summary>
    public sealed record Greeting(string? Name, string? More = null);
}
