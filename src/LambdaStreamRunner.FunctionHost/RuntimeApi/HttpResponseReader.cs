using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace LambdaStreamRunner.FunctionHost.RuntimeApi;

/// <summary>Reads one HTTP/1.1 response after the other from a socket, into a buffer that grows to the largest one.</summary>
/// <remarks>The protocol: <see href="https://www.rfc-editor.org/rfc/rfc9112"/>, sections 4 to 7.1.</remarks>
internal sealed class HttpResponseReader(Socket socket)
{
    /// <summary>Longest status line and headers, in bytes.</summary>
    private const int HeadLengthMax = 64 * 1024;

    /// <summary>Longest body: an event is 6 MB at most.</summary>
    private const int BodyLengthMax = 64 * 1024 * 1024;

    private byte[] _buffer = new byte[64 * 1024];

    /// <summary>The response being read begins here, and what has arrived ends there. Positions inside a response count from its start.</summary>
    private int _start;
    private int _end;

    /// <summary>Length of the response that was returned last.</summary>
    private int _returned;

    private int Arrived => _end - _start;

    /// <inheritdoc cref="HttpConnection.Receive"/>
    public HttpResponse? Read()
    {
        _start += _returned;
        _returned = 0;

        int headLength;
        while ((headLength = FromStart.IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (Arrived > HeadLengthMax)
                throw NotHttp($"its headers are longer than {HeadLengthMax} bytes");
            if (!Fill(Arrived + 1))
                return null;
        }

        int status = StatusOf(FromStart[..headLength]);
        int bodyStart = headLength + 4;
        int? bodyLength = IsChunked(headLength) ? ReadChunks(bodyStart) : ReadBody(bodyStart, LengthOf(headLength));
        return bodyLength is { } length
            ? new HttpResponse(status, _buffer.AsMemory(_start, headLength), _buffer.AsMemory(_start + bodyStart, length))
            : null;
    }

    private ReadOnlySpan<byte> FromStart => _buffer.AsSpan(_start, Arrived);

    private int? ReadBody(int bodyStart, int length)
    {
        if (!Fill(bodyStart + length))
            return null;
        _returned = bodyStart + length;
        return length;
    }

    /// <summary>Reads chunks and moves them together, to follow the head as one body.</summary>
    private int? ReadChunks(int bodyStart)
    {
        int bodyLength = 0;
        int position = bodyStart;
        while (true)
        {
            int lineLength;
            while ((lineLength = FromStart[position..].IndexOf("\r\n"u8)) < 0)
            {
                if (!Fill(Arrived + 1))
                    return null;
            }
            int chunkLength = ChunkLengthIn(FromStart.Slice(position, lineLength));
            position += lineLength + 2;
            if (!Fill(position + chunkLength + 2))
                return null;

            Span<byte> response = _buffer.AsSpan(_start);
            response.Slice(position, chunkLength).CopyTo(response[(bodyStart + bodyLength)..]);
            bodyLength += chunkLength;
            position += chunkLength + 2;
            if (bodyLength > BodyLengthMax)
                throw NotHttp($"its body is longer than {BodyLengthMax} bytes");
            if (chunkLength == 0)
            {
                _returned = position;
                return bodyLength;
            }
        }
    }

    /// <summary>Receives until that many bytes of the response are there; false when the server hangs up before.</summary>
    private bool Fill(int length)
    {
        while (Arrived < length)
        {
            MakeRoomFor(length);
            int received = socket.Receive(_buffer.AsSpan(_end));
            if (received == 0)
                return false;
            _end += received;
        }
        return true;
    }

    private void MakeRoomFor(int length)
    {
        if (Arrived == 0)
            (_start, _end) = (0, 0);
        if (_start + length <= _buffer.Length)
            return;

        byte[] target = length <= _buffer.Length ? _buffer : new byte[Math.Max(length, 2 * _buffer.Length)];
        FromStart.CopyTo(target);
        (_buffer, _start, _end) = (target, 0, Arrived);
    }

    private static int StatusOf(ReadOnlySpan<byte> head)
    {
        // HTTP/1.1 200 OK
        ReadOnlySpan<byte> version = "HTTP/1.1 "u8;
        return head.StartsWith(version) && Utf8Parser.TryParse(head[version.Length..], out int status, out int digits) && digits == 3
            ? status
            : throw NotHttp($"it begins with '{Encoding.UTF8.GetString(head[..Math.Min(head.Length, 40)])}'");
    }

    private bool IsChunked(int headLength) =>
        HttpResponse.TryGetHeader(FromStart[..headLength], "Transfer-Encoding"u8, out ReadOnlySpan<byte> value) && Ascii.EqualsIgnoreCase(value, "chunked"u8);

    private int LengthOf(int headLength) => HttpResponse.NumberIn(FromStart[..headLength], "Content-Length"u8) switch
    {
        >= 0 and <= BodyLengthMax and { } length => (int)length,
        null => throw NotHttp("it has neither Content-Length nor chunks"),
        { } length => throw NotHttp($"its Content-Length is {length}"),
    };

    private static int ChunkLengthIn(ReadOnlySpan<byte> line) =>
        Utf8Parser.TryParse(line, out int length, out _, 'x') && length is >= 0 and <= BodyLengthMax
            ? length
            : throw NotHttp($"'{Encoding.UTF8.GetString(line)}' is not the length of a chunk");

    private static RuntimeApiException NotHttp(string because) => new($"The Runtime API's response cannot be read: {because}.");
}
