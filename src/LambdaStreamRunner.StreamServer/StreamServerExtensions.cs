using LambdaStreamRunner.StreamServer.Actions;
using LambdaStreamRunner.StreamServer.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.StreamServer;

/// <summary>The door of the stream server into an ASP.NET Core pipeline, ours or a foreign one.</summary>
public static class StreamServerExtensions
{
    /// <summary>Answers 403, before routing, to requests whose Host or Origin is neither loopback nor allowed.</summary>
    /// <param name="app">The pipeline; call it first.</param>
    /// <param name="allowedHosts">Names without port, beside localhost, 127.0.0.0/8 and [::1].</param>
    public static IApplicationBuilder UseHostGuard(this IApplicationBuilder app, params IEnumerable<string> allowedHosts)
    {
        var guard = new HostGuard(allowedHosts, LoggerFrom(app.ApplicationServices));
        return app.Use(next => context => guard.InvokeAsync(context, next));
    }

    /// <summary>Serves Kinesis on every request that carries X-Amz-Target; such a request is not routed any further.</summary>
    /// <param name="app">The pipeline; call it after the host guard and before routing.</param>
    /// <param name="streams">The streams.</param>
    public static IApplicationBuilder UseKinesis(this IApplicationBuilder app, EmbeddedStreams streams)
    {
        KinesisEndpoint endpoint = CreateEndpoint(app.ApplicationServices, streams);
        return app.Use(next => context => context.Request.Headers.ContainsKey("X-Amz-Target") ? endpoint.HandleAsync(context) : next(context));
    }

    /// <summary>Serves Kinesis where no other route matches: calls, and Kinesis' own error for anything else.</summary>
    /// <param name="routes">The routes; any that are more specific win.</param>
    /// <param name="streams">The streams.</param>
    public static IEndpointConventionBuilder MapKinesis(this IEndpointRouteBuilder routes, EmbeddedStreams streams) =>
        routes.MapFallback("{**path}", CreateEndpoint(routes.ServiceProvider, streams).HandleAsync);

    private static KinesisEndpoint CreateEndpoint(IServiceProvider services, EmbeddedStreams streams) =>
        new(
            new KinesisService(streams) { Stopping = services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None },
            LoggerFrom(services));

    private static ILogger LoggerFrom(IServiceProvider services) =>
        services.GetRequiredService<ILoggerFactory>().CreateLogger("LambdaStreamRunner.StreamServer");
}
