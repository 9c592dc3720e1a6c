using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LambdaStreamRunner.FunctionHost.RuntimeApi;

/// <summary>One connection to the Runtime API: bytes of requests out, responses in. Blocks its thread, and owns the buffers.</summary>
/// <remarks>
/// HttpClient would take longer to load than all of the rest of a start, and several thread switches a call. What is needed
/// here is little: one server, nearby, that answers in order.
/// </remarks>
internal sealed class HttpConnection(string address) : IDisposable
{
    private Socket? _socket;
    private HttpResponseReader? _reader;

    /// <summary>True when the server has not hung up, as far as one can tell without asking.</summary>
    public bool IsOpen => _socket is { } socket && !(socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0);

    /// <summary>Connects, anew if need be.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public void Connect()
    {
        Dispose();
        (string host, int port) = HostAndPort();
        Socket socket = IPAddress.TryParse(host, out IPAddress? ip)
            ? new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        _socket = socket;
        socket.NoDelay = true;
        if (ip is not null)
            socket.Connect(ip, port);
        else
            socket.Connect(host, port);
        _reader = new HttpResponseReader(socket);
    }

    /// <summary>Sends all of it.</summary>
    /// <exception cref="SocketException">The connection is lost.</exception>
    public void Send(ReadOnlySpan<byte> requests)
    {
        for (Socket socket = _socket!; !requests.IsEmpty;)
            requests = requests[socket.Send(requests)..];
    }

    /// <summary>The next response; its memory is valid until the call after this one.</summary>
    /// <returns>Null when the server has hung up instead.</returns>
    /// <exception cref="SocketException">The connection is lost.</exception>
    /// <exception cref="RuntimeApiException">That was no response.</exception>
    public HttpResponse? Receive() => _reader!.Read();

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private (string Host, int Port) HostAndPort()
    {
        int colon = address.LastIndexOf(':');
        return colon > 0 && int.TryParse(address.AsSpan(colon + 1), CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65_535
            ? (address[..colon].Trim('[', ']'), port)
            : throw new RuntimeApiException($"AWS_LAMBDA_RUNTIME_API is '{address}'; it must be HOST:PORT, as in 127.0.0.1:9001.");
    }
}
