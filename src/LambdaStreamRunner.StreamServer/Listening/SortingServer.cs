using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LambdaStreamRunner.StreamServer.Listening;

/// <summary>Two servers with one application: the one that people see owns the ports, the other takes the connections that are handed to it.</summary>
internal sealed class SortingServer(IServer visible, KestrelServer handover) : IServer
{
    public IFeatureCollection Features => visible.Features;

    public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        await handover.StartAsync(application, cancellationToken);
        await visible.StartAsync(application, cancellationToken);
    }

    // Together: the visible server waits for connections that only the other one can end.
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(visible.StopAsync(cancellationToken), handover.StopAsync(cancellationToken));

    public void Dispose()
    {
        handover.Dispose();
        visible.Dispose();
    }
}
