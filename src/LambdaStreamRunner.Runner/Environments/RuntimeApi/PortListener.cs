using System.Net;
using LambdaStreamRunner.StreamServer.Listening;
using Microsoft.AspNetCore.Connections;

namespace LambdaStreamRunner.Runner.Environments.RuntimeApi;

/// <summary>Gives a web server the connections of ports that open and close while it runs.</summary>
internal sealed class PortListener : ConnectionQueue, IConnectionListenerFactory
{
    public override EndPoint EndPoint { get; } = new PortsEndPoint();

    public RuntimeApiPort Open(IRuntimeCalls runtime) => new(runtime, Waiting);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => ValueTask.FromResult<IConnectionListener>(this);

    private sealed class PortsEndPoint : EndPoint
    {
        public override string ToString() => "ports of execution environments";
    }
}
