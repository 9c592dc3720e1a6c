using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace LambdaStreamRunner.StreamServer.Listening;

/// <summary>Listens for connections that somebody else has accepted.</summary>
internal abstract class ConnectionQueue : IConnectionListener
{
    /// <summary>Connections on their way to the server; who brings the next one waits.</summary>
    private const int WaitingMax = 512;

    private readonly Channel<ConnectionContext> _waiting = Channel.CreateBounded<ConnectionContext>(WaitingMax);

    public abstract EndPoint EndPoint { get; }

    /// <summary>Takes connections until the server stops.</summary>
    protected ChannelWriter<ConnectionContext> Waiting => _waiting.Writer;

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
}
