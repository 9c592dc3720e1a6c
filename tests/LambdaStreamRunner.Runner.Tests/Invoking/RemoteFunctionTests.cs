using System.Net;
using System.Net.Sockets;
using System.Text;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Invoking.Remote;
using LambdaStreamRunner.Runner.Tests.Aws;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.Invoking;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html: what an answer means for the attempt.</summary>
public class RemoteFunctionTests
{
    private const string EmulatorPath = "/2015-03-31/functions/function/invocations";
    private const string Unhandled = nameof(Unhandled);

    private static readonly FunctionInvocation Invocation = new(Guid.Parse("11111111-2222-3333-4444-555555555555"), "arn:aws:lambda:us-east-1:000000000000:function:Clicks");

    [Fact]
    public async Task An_answer_without_an_error_is_the_function_s()
    {
        await using InvokeServer server = await InvokeServer.AnsweringAsync(200, """{"errorMessage":"is what it answers","batchItemFailures":[]}""");

        var succeeded = Assert.IsType<FunctionResult.Succeeded>(await InvokeAsync(server.Address));

        Assert.Equal("""{"errorMessage":"is what it answers","batchItemFailures":[]}""", Encoding.UTF8.GetString(succeeded.Answer.Span));
        (string method, string path, string body, IHeaderDictionary headers) = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/2015-03-31/functions/Clicks/invocations", "{\"Records\":[]}"), (method, path, body));
        Assert.Equal(("RequestResponse", "application/json"), (headers["X-Amz-Invocation-Type"].ToString(), headers.ContentType.ToString()));
        Assert.Matches("^AWS4-HMAC-SHA256 Credential=[^/]+/[0-9]{8}/us-east-1/lambda/aws4_request", headers.Authorization.ToString());
    }

    [Theory]
    [InlineData("prod", "?Qualifier=prod")]
    [InlineData("7", "?Qualifier=7")]
    [InlineData("$LATEST", "")]
    public async Task A_version_or_alias_is_asked_for_by_its_name(string version, string query)
    {
        await using InvokeServer server = await InvokeServer.AnsweringAsync(200, "null");

        await InvokeAsync(server.Address, version: version);

        Assert.Equal($"/2015-03-31/functions/Clicks/invocations{query}", Assert.Single(server.Requests).Path);
    }

    [Fact]
    public async Task An_error_of_the_function_is_read_from_the_body()
    {
        const string Body = """{"errorType":"ShopException","errorMessage":"closed","stackTrace":["at Shop.Open()"],"cause":{"errorType":"IOException","errorMessage":"no key"}}""";
        await using InvokeServer server = await InvokeServer.AnsweringAsync(200, Body, ("X-Amz-Function-Error", Unhandled));

        FunctionError error = Assert.IsType<FunctionResult.Failed>(await InvokeAsync(server.Address)).Error;

        Assert.Equal(("ShopException", "closed"), (error.ErrorType, error.ErrorMessage));
        Assert.Equal(["at Shop.Open()"], error.StackTrace);
        Assert.Equal(("IOException", "no key"), (error.Cause!.ErrorType, error.Cause.ErrorMessage));
    }

    [Theory]
    [InlineData("""{"errorType":"Error","errorMessage":"x","trace":["Error: x","    at h"]}""", "Error", "x", 2)]
    [InlineData("""{"errorMessage":"x","stackTrace":[["app.py",1,"handler","fail()"]]}""", Unhandled, "x", 1)]
    [InlineData("not JSON", Unhandled, "not JSON", 0)]
    [InlineData("", Unhandled, "The function failed and said nothing.", 0)]
    public async Task Errors_are_understood_as_every_runtime_writes_them(string body, string type, string message, int frames)
    {
        await using InvokeServer server = await InvokeServer.AnsweringAsync(200, body, ("X-Amz-Function-Error", Unhandled));

        FunctionError error = Assert.IsType<FunctionResult.Failed>(await InvokeAsync(server.Address)).Error;

        Assert.Equal((type, message, frames), (error.ErrorType, error.ErrorMessage, error.StackTrace.Length));
    }

    [Fact]
    public async Task A_timeout_where_the_function_runs_is_one_here()
    {
        const string Body = """{"errorType":"Sandbox.Timedout","errorMessage":"2026-01-31T12:00:03.000Z 1 Task timed out after 3.00 seconds"}""";
        await using InvokeServer server = await InvokeServer.AnsweringAsync(200, Body, ("X-Amz-Function-Error", Unhandled));

        Assert.Equal("2026-01-31T12:00:03.000Z 1 Task timed out after 3.00 seconds", Assert.IsType<FunctionResult.TimedOut>(await InvokeAsync(server.Address)).Message);
    }

    [Theory]
    [InlineData(429, """{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}""", "TooManyRequestsException", "TooManyRequestsException: Rate Exceeded. (ReservedFunctionConcurrentInvocationLimitExceeded)")]
    [InlineData(403, """{"Message":"User is not authorized"}""", "AccessDeniedException", "AccessDeniedException: User is not authorized. The credentials in use need lambda:InvokeFunction for it.")]
    [InlineData(404, """{"Message":"Function not found: Clicks"}""", "ResourceNotFoundException", "ResourceNotFoundException: Function not found: Clicks. Is it there by this name")]
    [InlineData(409, """{"Message":"The function is Pending"}""", "ResourceConflictException", "ResourceConflictException: The function is Pending")]
    [InlineData(500, """{"Message":"internal"}""", "ServiceException", "ServiceException: internal")]
    [InlineData(502, """{"Message":"the key is disabled"}""", "KMSDisabledException", "KMSDisabledException: the key is disabled")]
    [InlineData(503, "", null, "HTTP 503: the answer has no body")]
    [InlineData(302, "", null, "HTTP 302")]
    public async Task What_the_service_refuses_has_not_run(int status, string body, string? type, string reason)
    {
        await using InvokeServer server = await InvokeServer.AnsweringAsync(status, body, type is null ? [] : [("x-amzn-ErrorType", type)]);

        string said = Assert.IsType<FunctionResult.Refused>(await InvokeAsync(server.Address)).Reason;

        Assert.StartsWith($"{server.Address} refuses to invoke 'Clicks': ", said, StringComparison.Ordinal);
        Assert.Contains(reason, said, StringComparison.Ordinal);
        Assert.Single(server.Requests);                       // and is not asked again by the client
    }

    [Fact]
    public async Task An_event_that_is_too_large_is_an_attempt()
    {
        await using InvokeServer server = await InvokeServer.AnsweringAsync(413, """{"Message":"too large"}""", ("x-amzn-ErrorType", "RequestTooLargeException"));

        Assert.Equal("RequestTooLargeException", Assert.IsType<FunctionResult.Failed>(await InvokeAsync(server.Address)).Error.ErrorType);
    }

    [Theory]
    [InlineData(RemoteFunction.AnswerBytesMax, true)]
    [InlineData(RemoteFunction.AnswerBytesMax + 1, false)]
    public async Task An_answer_of_more_than_6_MB_is_an_error_of_the_function(int length, bool isTaken)
    {
        await using InvokeServer server = await InvokeServer.AnsweringAsync(200, new string(' ', length));

        FunctionResult result = await InvokeAsync(server.Address);

        if (isTaken)
            Assert.Equal(length, Assert.IsType<FunctionResult.Succeeded>(result).Answer.Length);
        else
            Assert.Equal("Function.ResponseSizeTooLarge", Assert.IsType<FunctionResult.Failed>(result).Error.ErrorType);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "cannot be reached: Connection refused")]
    [InlineData("http://nowhere.invalid:80", "cannot be reached")]
    public async Task Where_nobody_answers_nothing_has_run(string address, string reason)
    {
        string said = Assert.IsType<FunctionResult.Refused>(await InvokeAsync(new Uri(address))).Reason;

        Assert.StartsWith("'Clicks' cannot be invoked: ", said, StringComparison.Ordinal);
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_speak_TLS_has_run_nothing()
    {
        await using InvokeServer server = await InvokeServer.AnsweringAsync(200, "null");

        Assert.IsType<FunctionResult.Refused>(await InvokeAsync(new Uri($"https://127.0.0.1:{server.Address.Port}")));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_connection_that_breaks_while_the_answer_is_awaited_is_an_attempt_and_is_made_once()
    {
        await using InvokeServer server = await InvokeServer.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        Assert.Equal("ConnectionLost", Assert.IsType<FunctionResult.Failed>(await InvokeAsync(server.Address)).Error.ErrorType);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_answer_is_waited_for_as_long_as_the_Timeout_and_a_margin()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
        var isAsked = new TaskCompletionSource();
        await using InvokeServer server = await InvokeServer.StartAsync(async context =>
        {
            isAsked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        Task<FunctionResult> invoking = InvokeAsync(server.Address, time: time);
        await isAsked.Task;

        time.Advance(TimeSpan.FromSeconds(3) + RemoteFunction.Margin - TimeSpan.FromMilliseconds(1));
        Assert.False(invoking.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.StartsWith(
            $"2026-01-31T12:00:18.000Z {Invocation.RequestId} Task timed out after 3.00 seconds: {server.Address} has not answered for 18 s",
            Assert.IsType<FunctionResult.TimedOut>(await invoking).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_abandoned_invocation_ends_at_once_and_a_lane_has_one_at_a_time()
    {
        var isAsked = new TaskCompletionSource();
        await using InvokeServer server = await InvokeServer.StartAsync(async context =>
        {
            isAsked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        await using var function = FunctionAt(server.Address);
        IFunctionLane lane = function.OpenLane();
        using var abandon = new CancellationTokenSource();
        Task<FunctionResult> invoking = lane.InvokeAsync("{}"u8.ToArray(), Invocation, abandon.Token);
        await isAsked.Task;

        await Assert.ThrowsAsync<InvalidOperationException>(() => lane.InvokeAsync("{}"u8.ToArray(), Invocation, CancellationToken.None));
        await abandon.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => invoking);
    }

    [Theory]
    [InlineData(200, """{"errorType":"ShopException","errorMessage":"closed"}""", "ShopException")]
    [InlineData(502, """{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 1 Error: Runtime exited with error: exit status 1"}""", "Runtime.ExitError")]
    [InlineData(504, "", Unhandled)]
    public async Task A_runtime_interface_emulator_says_in_the_body_that_the_function_has_failed(int status, string body, string type)
    {
        await using InvokeServer server = await InvokeServer.AnsweringAsync(status, body);

        FunctionResult result = await InvokeAsync(new Uri(server.Address, EmulatorPath), version: "prod");

        Assert.Equal(type, Assert.IsType<FunctionResult.Failed>(result).Error.ErrorType);
        Assert.Equal(EmulatorPath, Assert.Single(server.Requests).Path);
    }

    [Fact]
    public async Task A_runtime_interface_emulator_says_that_it_is_busy_and_that_time_is_up()
    {
        await using InvokeServer busy = await InvokeServer.AnsweringAsync(400, "");
        await using InvokeServer late = await InvokeServer.AnsweringAsync(200, "Task timed out after 3.00 seconds");
        await using InvokeServer well = await InvokeServer.AnsweringAsync(200, "\"ok\"");

        Assert.Contains("ReservedConcurrentExecutions", Assert.IsType<FunctionResult.Refused>(await InvokeAsync(new Uri(busy.Address, EmulatorPath))).Reason, StringComparison.Ordinal);
        Assert.IsType<FunctionResult.TimedOut>(await InvokeAsync(new Uri(late.Address, EmulatorPath)));
        Assert.IsType<FunctionResult.Succeeded>(await InvokeAsync(new Uri(well.Address, EmulatorPath)));
    }

    [Theory]
    [InlineData("000000000000", "Clicks")]
    [InlineData("123456789012", "arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3AClicks")]
    public void AWS_is_asked_in_the_region_of_the_configuration_and_by_ARN_where_the_account_is_known(string account, string name)
    {
        FunctionConfiguration function = Configured(ServiceEndpoint.Aws) with { Arn = $"arn:aws:lambda:eu-west-1:{account}:function:Clicks" };

        InvokeAddress address = InvokeAddress.Of(function, "prod");

        Assert.Equal(new Uri("https://lambda.eu-west-1.amazonaws.com"), address.Endpoint.Address);
        Assert.True(address.Endpoint.IsAws);
        Assert.Equal($"/2015-03-31/functions/{Uri.UnescapeDataString(name)}/invocations", address.Invoke([]).Path);
        Assert.Equal("prod", Assert.Single(address.Invoke([]).Query).Value);
    }

    [Fact]
    public async Task A_report_tells_how_long_the_answer_took_and_there_is_none_of_what_never_ran()
    {
        List<InvocationReport> reports = [];
        await using InvokeServer server = await InvokeServer.AnsweringAsync(200, "null");
        await using InvokeServer busy = await InvokeServer.AnsweringAsync(429, "{}");
        foreach (Uri endpoint in (Uri[])[server.Address, busy.Address])
        {
            await using RemoteFunction function = FunctionAt(endpoint);
            await function.OpenLane().InvokeAsync("{}"u8.ToArray(), Invocation with { Report = reports.Add }, TestContext.Current.CancellationToken);
        }

        Assert.Matches(@"^REPORT RequestId: 11111111-2222-3333-4444-555555555555\tDuration: [0-9.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB$", Assert.Single(reports).ToString());
    }

    [Fact]
    public async Task A_path_where_no_emulator_answers_is_told_with_the_path_where_it_does()
    {
        await using InvokeServer server = await InvokeServer.AnsweringAsync(404, "404 page not found");

        string reason = Assert.IsType<FunctionResult.Refused>(await InvokeAsync(new Uri(server.Address, "/functions/function/invocations"))).Reason;

        Assert.EndsWith("HTTP 404: the answer is '404 page not found'. A runtime interface emulator answers at /2015-03-31/functions/function/invocations.", reason, StringComparison.Ordinal);
    }

    // They waited for one of 1,000 connections, unseen, and their time ran.
    [Fact]
    public async Task More_than_a_thousand_invocations_at_a_time_all_reach_the_function()
    {
        const int WaveLength = 550;                           // what a listener takes before it accepts
        int arrived = 0;
        TaskCompletionSource[] waves = [new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously)];
        await using InvokeServer server = await InvokeServer.StartAsync(async context =>
        {
            int number = Interlocked.Increment(ref arrived);
            if (number % WaveLength == 0)
                waves[(number / WaveLength) - 1].TrySetResult();
            await waves[^1].Task;
            await context.Response.WriteAsync("null");
        });
        await using RemoteFunction function = FunctionAt(server.Address, timeout: TimeSpan.FromMinutes(2));

        List<Task<FunctionResult>> running = [];
        foreach (TaskCompletionSource wave in waves)
        {
            for (int i = 0; i < WaveLength; i++)
                running.Add(function.OpenLane().InvokeAsync("{}"u8.ToArray(), Invocation, TestContext.Current.CancellationToken));
            await wave.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        }

        Assert.All(await Task.WhenAll(running), result => Assert.IsType<FunctionResult.Succeeded>(result));
    }

    private static async Task<FunctionResult> InvokeAsync(Uri endpoint, string version = "$LATEST", TimeProvider? time = null)
    {
        await using RemoteFunction function = FunctionAt(endpoint, version, time);
        return await function.OpenLane().InvokeAsync("{\"Records\":[]}"u8.ToArray(), Invocation, TestContext.Current.CancellationToken);
    }

    private static RemoteFunction FunctionAt(Uri endpoint, string version = "$LATEST", TimeProvider? time = null, TimeSpan? timeout = null) => new(
        Configured(new ServiceEndpoint(endpoint)),
        new FunctionSettings { FunctionName = "Clicks", FunctionVersion = version, Timeout = timeout ?? TimeSpan.FromSeconds(3) },
        time ?? TimeProvider.System);

    private static FunctionConfiguration Configured(ServiceEndpoint endpoint) => new()
    {
        Name = "Clicks",
        Arn = "arn:aws:lambda:us-east-1:000000000000:function:Clicks",
        CodeUri = "",
        Handler = "",
        Hosting = FunctionHosting.Remote,
        Endpoint = endpoint,
    };
}
