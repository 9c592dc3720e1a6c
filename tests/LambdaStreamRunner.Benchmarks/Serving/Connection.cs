using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>One connection of a closed loop: sends a request, reads the answer to its end. As little client as there can be.</summary>
internal sealed class Connection : IDisposable
{
    private static readonly byte[] HeaderEnd = "\r\n\r\n"u8.ToArray();

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[256 * 1024];

    public Connection(Uri address) => _socket.Connect(address.Host, address.Port);

    /// <summary>Reads the answer and throws it away.</summary>
    /// <exception cref="InvalidOperationException">The answer was no success.</exception>
    public void Ask(byte[] request) => Ask(request, keep: null);

    /// <inheritdoc cref="Ask(byte[])"/>
    /// <returns>The body of the answer.</returns>
    public byte[] AskForBody(byte[] request)
    {
        var body = new MemoryStream();
        Ask(request, body);
        return body.ToArray();
    }

    private void Ask(byte[] request, MemoryStream? keep)
    {
        _socket.Send(request);
        int received = 0;
        int headers;
        do
            received += Receive(received);
        while ((headers = _buffer.AsSpan(0, received).IndexOf(HeaderEnd)) < 0);

        ReadOnlySpan<byte> head = _buffer.AsSpan(0, headers + HeaderEnd.Length);
        if (!head.StartsWith("HTTP/1.1 200"u8))
            throw new InvalidOperationException($"The server answered {Encoding.ASCII.GetString(_buffer, 0, received)}");
        int left = ContentLength(head) - (received - head.Length);
        keep?.Write(_buffer, head.Length, received - head.Length);
        while (left > 0)
        {
            int more = Receive(0);
            keep?.Write(_buffer, 0, more);
            left -= more;
        }
    }

    public void Dispose() => _socket.Dispose();

    private int Receive(int at)
    {
        int count = _socket.Receive(_buffer, at, _buffer.Length - at, SocketFlags.None);
        return count > 0 ? count : throw new InvalidOperationException("The server closed the connection.");
    }

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        int at = head.IndexOf("Content-Length: "u8);
        if (at < 0)
            throw new InvalidOperationException("The answer has no Content-Length.");
        ReadOnlySpan<byte> digits = head[(at + "Content-Length: "u8.Length)..];
        return int.Parse(digits[..digits.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
    }
}
