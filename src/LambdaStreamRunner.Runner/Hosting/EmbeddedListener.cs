using System.Net;
using System.Net.Sockets;
using LambdaStreamRunner.Runner.LambdaApi;
using LambdaStreamRunner.Runner.RunnerApi;
using LambdaStreamRunner.StreamServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>The runner's own port, with a web server of its own: it works in any kind of host.</summary>
internal sealed class EmbeddedListener
{
    private readonly WebApplication _app;

    private EmbeddedListener(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.First());
    }

    /// <summary>Where it listens, with the port that it really got.</summary>
    public Uri Address { get; }

    /// <exception cref="ListenerException">The port cannot be opened.</exception>
    public static async Task<EmbeddedListener> OpenAsync(
        StreamRunner runner, StreamRunnerOptions options, int port, ILoggerFactory loggers, CancellationToken cancellation)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseProtocolSorting(options.Certificate).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.LimitClients();
            kestrel.Listen(AddressOf(options.Host), port);
        });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        WebApplication app = builder.Build();
        app.UseHostGuard(options.AllowedHosts);
        app.UseKinesis(runner.Streams);
        app.UseRouting();
        app.MapLambda(runner.Lambda);
        app.MapRunnerApi(runner);
        app.MapKinesis(runner.Streams);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception failed)
        {
            await app.DisposeAsync();
            if (failed is not (IOException or SocketException))
                throw;
            throw new ListenerException(failed.Message.TrimEnd('.') + ".", failed);
        }
        return new EmbeddedListener(app);
    }

    public async Task CloseAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static IPAddress AddressOf(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : IPAddress.Parse(host);
}
