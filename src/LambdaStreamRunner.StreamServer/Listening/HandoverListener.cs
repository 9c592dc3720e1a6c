using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace LambdaStreamRunner.StreamServer.Listening;

/// <summary>Listens for connections that another listener of this process has accepted and does not speak the language of.</summary>
internal sealed class HandoverListener : IConnectionListener
{
    /// <summary>Connections on their way to the server; who hands over the next one waits.</summary>
    private const int WaitingMax = 512;

    private readonly Channel<HandedOverConnection> _waiting = Channel.CreateBounded<HandedOverConnection>(WaitingMax);

    public HandoverListener(string name) => EndPoint = new HandoverEndPoint(this, name);

    public EndPoint EndPoint { get; }

    /// <summary>Hands a connection over, and waits until the server that took it is done with it.</summary>
    public async Task HandOverAsync(ConnectionContext connection)
    {
        var handed = new HandedOverConnection(connection);
        try
        {
            await _waiting.Writer.WriteAsync(handed, connection.ConnectionClosed);
        }
        catch (Exception stopped) when (stopped is ChannelClosedException or OperationCanceledException)
        {
            connection.Abort(new ConnectionAbortedException("The server is stopping, or the client is gone.", stopped));
            return;
        }
        await handed.Ended;
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_waiting.Reader.TryRead(out HandedOverConnection? connection))
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
        while (_waiting.Reader.TryRead(out HandedOverConnection? connection))
            await connection.DisposeAsync();                  // accepted by nobody any more
    }
}

/// <summary>Gives a server the listeners that its addresses are.</summary>
internal sealed class HandoverListenerFactory : IConnectionListenerFactory
{
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(((HandoverEndPoint)endpoint).Listener);
}
