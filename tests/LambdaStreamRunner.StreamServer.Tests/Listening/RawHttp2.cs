using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LambdaStreamRunner.StreamServer.Listening;

namespace LambdaStreamRunner.StreamServer.Tests.Listening;

/// <summary>Frames of HTTP/2 as nobody's client would send them (RFC 9113, RFC 7541).</summary>
internal sealed class RawHttp2 : IAsyncDisposable
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte ResetStream = 3;
    public const byte Settings = 4;
    public const byte GoAway = 7;
    public const byte Continuation = 9;
    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    private readonly TcpClient _tcp = new();
    private NetworkStream _stream = null!;

    /// <summary>Connects and says the preface and empty settings.</summary>
    public static async Task<RawHttp2> ConnectAsync(string url)
    {
        var peer = new RawHttp2();
        await peer._tcp.ConnectAsync(IPAddress.Loopback, new Uri(url).Port, TestContext.Current.CancellationToken);
        peer._stream = peer._tcp.GetStream();
        await peer.SendAsync([.. FirstBytes.Http2Preface, .. Frame(Settings, 0, 0, [])]);
        return peer;
    }

    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[9 + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)payload.Length);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    /// <summary>The headers of a Kinesis call.</summary>
    public static byte[] CallHeaders(string action) =>
    [
        .. Header(":method", "POST"), .. Header(":scheme", "http"), .. Header(":path", "/"), .. Header(":authority", "localhost"),
        .. Header("content-type", KinesisServer.JsonType), .. Header("x-amz-target", $"Kinesis_20131202.{action}"),
    ];

    /// <summary>A header that is not to be remembered, without Huffman's code.</summary>
    public static byte[] Header(string name, string value) => [0x00, .. Text(name), .. Text(value)];

    /// <summary>A header that is to be remembered: it gets index 62.</summary>
    public static byte[] RememberedHeader(string name, string value) => [0x40, .. Text(name), .. Text(value)];

    /// <summary>What may be refused because the server has already hung up.</summary>
    public async Task<bool> TrySendAsync(byte[] bytes)
    {
        try
        {
            await SendAsync(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>The next frame; null when the server has hung up.</summary>
    public async Task<(byte Type, int Stream, byte[] Payload)?> ReadAsync()
    {
        try
        {
            byte[] head = new byte[9];
            await _stream.ReadExactlyAsync(head, TestContext.Current.CancellationToken);
            byte[] payload = new byte[(head[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(1))];
            await _stream.ReadExactlyAsync(payload, TestContext.Current.CancellationToken);
            return (head[3], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
        }
        catch (IOException)                                   // the end, in good order or not
        {
            return null;
        }
    }

    /// <summary>Reads on until the server has hung up, which may not take for ever; the error it gave for it, if it gave one.</summary>
    public Task<int?> ReadToEndAsync() =>
        ReadOnAsync().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>Says that nothing more will come, and goes on listening.</summary>
    public void HangUp()
    {
        try
        {
            _tcp.Client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The server was faster.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
    }

    private async Task<int?> ReadOnAsync()
    {
        int? error = null;
        while (await ReadAsync() is { } frame)
        {
            if (frame.Type == GoAway)
                error = BinaryPrimitives.ReadInt32BigEndian(frame.Payload.AsSpan(4));
        }
        return error;
    }

    private static byte[] Text(string text) => [.. Length(text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static IEnumerable<byte> Length(int length)
    {
        if (length < 127)
        {
            yield return (byte)length;
            yield break;
        }
        yield return 127;
        for (length -= 127; length >= 128; length >>= 7)
            yield return (byte)((length & 127) | 128);
        yield return (byte)length;
    }
}
