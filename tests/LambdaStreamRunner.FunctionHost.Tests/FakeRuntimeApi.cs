using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.FunctionHost.Tests;

/// <summary>A Runtime API for one environment: hands out the events that a test puts in, and keeps what is posted.</summary>
internal sealed class FakeRuntimeApi : IAsyncDisposable
{
    /// <summary>After that long, what a test waits for will not come.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Channel<FakeInvocation> _invocations = Channel.CreateUnbounded<FakeInvocation>();
    private readonly Channel<Posted> _posted = Channel.CreateUnbounded<Posted>();
    private readonly ConcurrentQueue<string> _connections = new();
    private readonly WebApplication _server;

    private FakeRuntimeApi(WebApplication server) => _server = server;

    /// <summary>AWS_LAMBDA_RUNTIME_API.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Connections that asked for an invocation, each once.</summary>
    public int Connections => _connections.Distinct().Count();

    /// <summary>Status of the answer to a post.</summary>
    public int PostStatus { get; set; } = StatusCodes.Status202Accepted;

    /// <summary>True when a connection is to be closed after the answer to a post.</summary>
    public bool ClosesAfterPost { get; set; }

    /// <summary>True when events are sent in chunks, without a length.</summary>
    public bool SendsChunks { get; set; }

    public static async Task<FakeRuntimeApi> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<KestrelServerOptions>(options => options.Limits.MaxRequestBodySize = null);
        WebApplication server = builder.Build();
        var api = new FakeRuntimeApi(server);
        server.MapGet("/2018-06-01/runtime/invocation/next", api.NextAsync);
        server.MapPost("/2018-06-01/runtime/invocation/{id}/{kind}", api.PostAsync);
        server.MapPost("/2018-06-01/runtime/init/error", api.PostAsync);
        await server.StartAsync();
        api.Address = new Uri(server.Urls.Single()).Authority;
        return api;
    }

    /// <summary>Puts in an event for the next time the function asks.</summary>
    public void Invoke(string eventJson, FakeInvocation? with = null) => _invocations.Writer.TryWrite((with ?? new FakeInvocation()) with { Event = eventJson });

    /// <summary>The next thing that was posted.</summary>
    public Task<Posted> PostedAsync() => _posted.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);

    /// <summary>Ends as a runner does that is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        _invocations.Writer.TryComplete();
        await _server.DisposeAsync();
    }

    private async Task NextAsync(HttpContext http)
    {
        _connections.Enqueue(http.Connection.Id);
        FakeInvocation invocation;
        try
        {
            invocation = await _invocations.Reader.ReadAsync(http.RequestAborted);
        }
        catch (Exception ended) when (ended is ChannelClosedException or OperationCanceledException)
        {
            http.Abort();
            return;
        }

        byte[] body = Encoding.UTF8.GetBytes(invocation.Event);
        http.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = invocation.RequestId;
        http.Response.Headers["Lambda-Runtime-Deadline-Ms"] = invocation.Deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["Lambda-Runtime-Invoked-Function-Arn"] = invocation.FunctionArn;
        if (invocation.TraceId is not null)
            http.Response.Headers["Lambda-Runtime-Trace-Id"] = invocation.TraceId;
        if (!SendsChunks)
        {
            http.Response.ContentLength = body.Length;
            await http.Response.Body.WriteAsync(body);
            return;
        }
        foreach (byte[] chunk in body.Chunk(Math.Max(1, body.Length / 3)))
        {
            await http.Response.Body.WriteAsync(chunk);
            await http.Response.Body.FlushAsync();
        }
    }

    private async Task PostAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        string path = http.Request.Path.Value!.Replace("/2018-06-01/runtime", "", StringComparison.Ordinal);
        var posted = new Posted(path, await reader.ReadToEndAsync(), http.Request.Headers["Lambda-Runtime-Function-Error-Type"]);
        http.Response.StatusCode = PostStatus;
        if (ClosesAfterPost)
            http.Response.Headers.Connection = "close";
        http.Response.ContentLength = 0;
        await http.Response.CompleteAsync();
        _posted.Writer.TryWrite(posted);
    }
}

/// <summary>What the API tells about an invocation.</summary>
internal sealed record FakeInvocation
{
    public string Event { get; init; } = "{}";

    public string RequestId { get; init; } = "request-1";

    public string FunctionArn { get; init; } = "arn:aws:lambda:us-east-1:000000000000:function:orders:live";

    public DateTimeOffset Deadline { get; init; } = TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1);

    public string? TraceId { get; init; }
}

/// <summary>What was posted.</summary>
internal sealed record Posted(string Path, string Body, string? ErrorType);
