using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace LambdaStreamRunner.Runner.Environments.RuntimeApi;

/// <summary>Gives a web server the connections of ports that open and close while it runs.</summary>
internal sealed class PortListener : IConnectionListener, IConnectionListenerFactory
{
    /// <summary>Connections on their way to the server; a port accepts no further one until there is room.</summary>
    private const int WaitingMax = 512;

    private readonly Channel<ConnectionContext> _waiting = Channel.CreateBounded<ConnectionContext>(WaitingMax);

    public PortListener() => EndPoint = new PortsEndPoint();

    public EndPoint EndPoint { get; }

    public RuntimeApiPort Open(IRuntimeCalls runtime) => new(runtime, _waiting.Writer);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => ValueTask.FromResult<IConnectionListener>(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_waiting.Reader.TryRead(out ConnectionContext? connection))
                return connection;
        }
        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _waiting.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        while (_waiting.Reader.TryRead(out ConnectionContext? connection))
            await connection.DisposeAsync();                  // accepted by nobody any more
    }

    private sealed class PortsEndPoint : EndPoint
    {
        public override string ToString() => "ports of execution environments";
    }
}
