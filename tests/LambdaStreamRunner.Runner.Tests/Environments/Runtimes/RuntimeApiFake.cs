using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Tests.Environments.Runtimes;

/// <summary>What a runtime said of an invocation, or of its start.</summary>
/// <param name="Call">response, error or init.</param>
/// <param name="ErrorType">The header that names the error's type.</param>
/// <param name="Body">The document.</param>
internal sealed record RuntimeAnswer(string Call, string ErrorType, string Body)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    /// <summary>As in "error TypeError: no such thing".</summary>
    public override string ToString() => Call is "response"
        ? $"{Call} {Body}"
        : $"{Call} {Json.GetProperty("errorType")}: {Json.GetProperty("errorMessage")}";
}

/// <summary>The Runtime API as a runtime sees it: hands out what a test gives it, and keeps the answers.</summary>
internal sealed class RuntimeApiFake : IAsyncDisposable
{
    public const string FunctionArn = "arn:aws:lambda:us-east-1:000000000000:function:shop";

    private readonly Channel<(string Id, string Event)> _invocations = Channel.CreateUnbounded<(string, string)>();
    private readonly Channel<RuntimeAnswer> _answers = Channel.CreateUnbounded<RuntimeAnswer>();
    private readonly WebApplication _server;

    private RuntimeApiFake()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(server => server.Limits.MaxRequestBodySize = null);
        _server = builder.Build();
        _server.MapGet("/2018-06-01/runtime/invocation/next", NextAsync);
        _server.MapPost("/2018-06-01/runtime/invocation/{id}/{call}", (HttpRequest request, string call) => KeepAsync(request, call));
        _server.MapPost("/2018-06-01/runtime/init/error", (HttpRequest request) => KeepAsync(request, "init"));
    }

    /// <summary>AWS_LAMBDA_RUNTIME_API.</summary>
    public string Address => new Uri(_server.Urls.Single()).Authority;

    /// <summary>Moment at which an invocation given now is cut off, in milliseconds; far away, so that tests can compare it.</summary>
    public static long DeadlineMilliseconds { get; } = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public static async Task<RuntimeApiFake> StartAsync()
    {
        var fake = new RuntimeApiFake();
        await fake._server.StartAsync(TestContext.Current.CancellationToken);
        return fake;
    }

    public void Give(string requestId, string eventJson) => _invocations.Writer.TryWrite((requestId, eventJson));

    public ValueTask<RuntimeAnswer> AnswerAsync(CancellationToken end) => _answers.Reader.ReadAsync(end);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task NextAsync(HttpContext context)
    {
        (string id, string eventJson) = await _invocations.Reader.ReadAsync(context.RequestAborted);
        byte[] body = Encoding.UTF8.GetBytes(eventJson);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        context.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = id;
        context.Response.Headers["Lambda-Runtime-Deadline-Ms"] = DeadlineMilliseconds.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["Lambda-Runtime-Invoked-Function-Arn"] = FunctionArn;
        context.Response.Headers["Lambda-Runtime-Trace-Id"] = "Root=1-0-0";
        await context.Response.Body.WriteAsync(body);
    }

    private async Task KeepAsync(HttpRequest request, string call)
    {
        using var reader = new StreamReader(request.Body);
        string body = await reader.ReadToEndAsync();
        _answers.Writer.TryWrite(new RuntimeAnswer(call, request.Headers["Lambda-Runtime-Function-Error-Type"].ToString(), body));
        request.HttpContext.Response.StatusCode = StatusCodes.Status202Accepted;
        request.HttpContext.Response.ContentLength = 2;
        await request.HttpContext.Response.WriteAsync("{}");
    }
}
