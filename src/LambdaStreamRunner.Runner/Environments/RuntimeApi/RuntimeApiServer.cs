using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LambdaStreamRunner.Runner.Environments.RuntimeApi;

/// <summary>Serves the Runtime API to execution environments: one web server for all, a loopback port for each.</summary>
/// <remarks>
/// A port of its own is what tells environments apart, since their calls carry no name: nobody can answer for another one.
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html"/>.
/// </remarks>
internal sealed class RuntimeApiServer : IAsyncDisposable
{
    // An infinite one ends connections with the next tick of the server's clock.
    private static readonly TimeSpan SilenceMax = TimeSpan.FromDays(30);

    private readonly KestrelServer _server;
    private readonly PortListener _listener = new();

    private RuntimeApiServer()
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.KeepAliveTimeout = SilenceMax;         // a handler may take 15 minutes between two calls, or stand at a break point
        options.Limits.RequestHeadersTimeout = SilenceMax;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxRequestBodySize = null;             // what is too large is an outcome, not a bad request
        options.Listen(_listener.EndPoint, port => port.Protocols = HttpProtocols.Http1);
        _server = new KestrelServer(Options.Create(options), _listener, NullLoggerFactory.Instance);
    }

    /// <summary>Starts the server; it has no port yet.</summary>
    public static async Task<RuntimeApiServer> StartAsync(CancellationToken cancellation)
    {
        var server = new RuntimeApiServer();
        await server._server.StartAsync(new Application(), cancellation);
        return server;
    }

    /// <summary>Opens a port for one environment.</summary>
    /// <param name="runtime">Answers the calls that come in there.</param>
    public RuntimeApiPort Open(IRuntimeCalls runtime) => _listener.Open(runtime);

    /// <summary>Closes what is still open.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _server.StopAsync(now.Token);
        await _listener.DisposeAsync();
        _server.Dispose();
    }

    private sealed class Application : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => RuntimeApiCall.AnswerAsync(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
