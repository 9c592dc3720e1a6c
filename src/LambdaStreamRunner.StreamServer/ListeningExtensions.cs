using System.Security.Cryptography.X509Certificates;
using LambdaStreamRunner.StreamServer.Listening;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LambdaStreamRunner.StreamServer;

/// <summary>What a Kestrel server needs so that every AWS client can talk to it.</summary>
public static class ListeningExtensions
{
    /// <summary>Serves HTTP/1.1 and HTTP/2 on the same cleartext ports, and TLS as well when there is a certificate.</summary>
    /// <remarks>
    /// The Kinesis clients of the AWS SDKs for Java 2 and JavaScript 3 speak HTTP/2 without asking (prior knowledge); all
    /// others HTTP/1.1. Holds for every port of the server: call it after Kestrel is there and before ports are listened on.
    /// It takes the place of <see cref="KestrelServerOptions.ConfigureEndpointDefaults"/>.
    /// </remarks>
    /// <param name="webHost">A web host whose server is Kestrel, such as <c>builder.WebHost</c>.</param>
    /// <param name="certificate">With its private key: connections that begin with a TLS handshake are served with it, HTTP/2 and HTTP/1.1.</param>
    public static IWebHostBuilder UseProtocolSorting(this IWebHostBuilder webHost, X509Certificate2? certificate = null)
    {
        webHost.ConfigureServices(services =>
        {
            services.AddSingleton(provider => new ProtocolSorter(provider.GetService<TimeProvider>() ?? TimeProvider.System)
            {
                Tls = certificate is null ? null : new HandoverListener("tls"),
            });
            ServiceDescriptor kestrel = services.LastOrDefault(service => service.ServiceType == typeof(IServer))
                ?? throw new InvalidOperationException("There is no server yet: call UseKestrel or UseKestrelCore first.");
            services.Remove(kestrel);
            services.AddSingleton<IMemoryPoolFactory<byte>, BlockPoolFactory>();
            services.AddSingleton<IServer>(provider => new SortingServer(Create(kestrel, provider), CreateHandover(provider, certificate)));
        });
        return webHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(port =>
        {
            ProtocolSorter sorter = port.ApplicationServices.GetRequiredService<ProtocolSorter>();
            port.Use(next => connection => sorter.SortAsync(connection, next));
        }));
    }

    /// <summary>Cuts slow and silent clients, and bounds their number.</summary>
    /// <param name="kestrel">The server's options.</param>
    public static KestrelServerOptions LimitClients(this KestrelServerOptions kestrel)
    {
        ConnectionLimits.Apply(kestrel.Limits);
        return kestrel;
    }

    private static IServer Create(ServiceDescriptor server, IServiceProvider services) =>
        server.ImplementationFactory is { } factory
            ? (IServer)factory(services)
            : (IServer)ActivatorUtilities.CreateInstance(services, server.ImplementationType!);

    private static KestrelServer CreateHandover(IServiceProvider services, X509Certificate2? certificate)
    {
        KestrelServerOptions visible = services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;
        ProtocolSorter sorter = services.GetRequiredService<ProtocolSorter>();
        var options = new KestrelServerOptions
        {
            ApplicationServices = services,
            AddServerHeader = visible.AddServerHeader,
            AllowSynchronousIO = visible.AllowSynchronousIO,
        };
        ConnectionLimits.ApplyToStreams(options.Limits, visible.Limits);
        options.Listen(sorter.Http2.EndPoint, port => port.Protocols = HttpProtocols.Http2);
        if (sorter.Tls is not null)
            options.Listen(sorter.Tls.EndPoint, port => port.UseHttps(certificate!));
        return new KestrelServer(Options.Create(options), new HandoverListenerFactory(), services.GetRequiredService<ILoggerFactory>());
    }
}
