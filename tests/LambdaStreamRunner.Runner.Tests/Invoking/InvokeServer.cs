using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Tests.Invoking;

/// <summary>A server on the loopback that is asked to invoke functions, and answers as a test says.</summary>
internal sealed class InvokeServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private InvokeServer(WebApplication application) => _application = application;

    public Uri Address => new(_application.Urls.Single());

    /// <summary>What it was asked: method, path and query, and body.</summary>
    public ConcurrentQueue<(string Method, string Path, string Body, IHeaderDictionary Headers)> Requests { get; } = new();

    public static async Task<InvokeServer> StartAsync(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new InvokeServer(builder.Build());
        server._application.Run(async context =>
        {
            string body = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
            server.Requests.Enqueue((context.Request.Method, $"{context.Request.Path}{context.Request.QueryString}", body, new HeaderDictionary(context.Request.Headers.ToDictionary())));
            await answer(context);
        });
        await server._application.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>The same answer to everything.</summary>
    public static Task<InvokeServer> AnsweringAsync(int status, string body, params (string Name, string Value)[] headers) => StartAsync(context =>
    {
        context.Response.StatusCode = status;
        foreach ((string name, string value) in headers)
            context.Response.Headers[name] = value;
        return context.Response.WriteAsync(body, context.RequestAborted);
    });

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _application.StopAsync(atOnce.Token);
        await _application.DisposeAsync();
    }
}
