using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace LambdaStreamRunner.Runner.Environments.RuntimeApi;

/// <summary>The loopback port of one execution environment.</summary>
internal sealed class RuntimeApiPort : IDisposable
{
    /// <summary>Connections that a runtime may have open: one or two do. One that forgets to close them shall use up its own files, not the runner's.</summary>
    public const int ConnectionsMax = 64;

    private static readonly SocketConnectionContextFactory Connections = new(new SocketConnectionFactoryOptions(), NullLogger.Instance);

    private static readonly TimeSpan UntilFilesAreFree = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ChannelWriter<ConnectionContext> _accepted;
    private readonly ConcurrentDictionary<ConnectionContext, byte> _open = new();
    private volatile bool _isClosed;

    public RuntimeApiPort(IRuntimeCalls runtime, ChannelWriter<ConnectionContext> accepted)
    {
        (Runtime, _accepted) = (runtime, accepted);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen();
        Address = _socket.LocalEndPoint!.ToString()!;
        _ = AcceptAllAsync();
    }

    /// <summary>Answers the calls.</summary>
    public IRuntimeCalls Runtime { get; }

    /// <summary>AWS_LAMBDA_RUNTIME_API: address and port.</summary>
    public string Address { get; }

    /// <summary>Closes the port and what is connected to it.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _socket.Dispose();
        foreach (ConnectionContext connection in _open.Keys)
            connection.Abort(new ConnectionAbortedException("The execution environment has ended."));
    }

    private async Task AcceptAllAsync()
    {
        try
        {
            while (!_isClosed)
            {
                if (await AcceptAsync() is { } connection)
                    await _accepted.WriteAsync(connection);
            }
        }
        catch (Exception closed) when (closed is ObjectDisposedException or ChannelClosedException or OperationCanceledException)
        {
            _socket.Dispose();                                // closed by us, or with the server
        }
    }

    /// <summary>The next connection; null when it broke before, was one too many, or when there was no file left for it: the one after it may come.</summary>
    private async Task<ConnectionContext?> AcceptAsync()
    {
        try
        {
            Socket accepted = await _socket.AcceptAsync();
            if (_open.Count < ConnectionsMax)
                return Connected(accepted);
            accepted.Dispose();
            return null;
        }
        catch (SocketException refused)
        {
            if (refused.SocketErrorCode is SocketError.TooManyOpenSockets)
                await Task.Delay(UntilFilesAreFree, TimeProvider.System);
            return null;
        }
    }

    private ConnectionContext Connected(Socket accepted)
    {
        accepted.NoDelay = true;
        ConnectionContext connection = Connections.Create(accepted);
        connection.Features.Set(this);
        _open.TryAdd(connection, 0);
        connection.ConnectionClosed.Register(() => _open.TryRemove(connection, out _));
        if (_isClosed)
            connection.Abort();
        return connection;
    }
}
