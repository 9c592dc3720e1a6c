using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace LambdaStreamRunner.StreamServer.Listening;

/// <summary>Listens for connections that another listener of this process has accepted and does not speak the language of.</summary>
internal sealed class HandoverListener : ConnectionQueue
{
    public HandoverListener(string name) => EndPoint = new HandoverEndPoint(this, name);

    public override EndPoint EndPoint { get; }

    /// <summary>Hands a connection over, and waits until the server that took it is done with it.</summary>
    public async Task HandOverAsync(ConnectionContext connection)
    {
        var handed = new HandedOverConnection(connection);
        try
        {
            await Waiting.WriteAsync(handed, connection.ConnectionClosed);
        }
        catch (Exception stopped) when (stopped is ChannelClosedException or OperationCanceledException)
        {
            connection.Abort(new ConnectionAbortedException("The server is stopping, or the client is gone.", stopped));
            return;
        }
        await handed.Ended;
    }
}

/// <summary>Gives a server the listeners that its addresses are.</summary>
internal sealed class HandoverListenerFactory : IConnectionListenerFactory
{
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(((HandoverEndPoint)endpoint).Listener);
}
