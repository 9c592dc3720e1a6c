using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using LambdaStreamRunner.StreamServer.Tests.Protocol.Cbor;

namespace LambdaStreamRunner.StreamServer.Tests.Subscriptions;

/// <summary>One frame, its checksums checked.</summary>
internal sealed record EventFrameRead(Dictionary<string, string> Headers, byte[] Payload)
{
    /// <summary>For example <c>event SubscribeToShardEvent</c>.</summary>
    public string Kind => $"{Headers[":message-type"]} {Headers.GetValueOrDefault(":event-type") ?? Headers[":exception-type"]}";

    public JsonObject Json => (JsonObject)(Headers[":content-type"] == CborText.ContentType ? CborText.ToJson(Payload) : JsonNode.Parse(Payload))!;

    public string[] Texts => [.. Json["Records"]!.AsArray().Select(record => Encoding.UTF8.GetString(Convert.FromBase64String(record!["Data"]!.GetValue<string>())))];

    public string? Continuation => Json["ContinuationSequenceNumber"]?.GetValue<string>();
}

/// <summary>Reads frames as a client does, written from the specification and not from the server.</summary>
internal sealed class EventReader(Stream body) : IAsyncDisposable
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(index =>
    {
        uint value = (uint)index;
        for (int bit = 0; bit < 8; bit++)
            value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xEDB88320;
        return value;
    })];

    /// <summary>The next frame; null at the end.</summary>
    public async Task<EventFrameRead?> NextAsync()
    {
        byte[] prelude = new byte[12];
        int read = await body.ReadAtLeastAsync(prelude, prelude.Length, throwOnEndOfStream: false, TestContext.Current.CancellationToken);
        if (read == 0)
            return null;
        Assert.Equal(prelude.Length, read);
        Assert.Equal(Checksum(prelude.AsSpan(0, 8)), BinaryPrimitives.ReadUInt32BigEndian(prelude.AsSpan(8)));

        byte[] frame = new byte[BinaryPrimitives.ReadInt32BigEndian(prelude)];
        prelude.CopyTo(frame, 0);
        await body.ReadExactlyAsync(frame.AsMemory(12), TestContext.Current.CancellationToken);
        Assert.Equal(Checksum(frame.AsSpan(0, frame.Length - 4)), BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(frame.Length - 4)));
        int headersEnd = 12 + BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4));
        return new EventFrameRead(Headers(frame.AsSpan(12, headersEnd - 12)), frame[headersEnd..^4]);
    }

    /// <summary>The next frame, which must be an event with or without records.</summary>
    public async Task<EventFrameRead> NextEventAsync()
    {
        EventFrameRead? frame = await NextAsync();
        Assert.Equal("event SubscribeToShardEvent", frame?.Kind);
        return frame!;
    }

    public ValueTask DisposeAsync() => body.DisposeAsync();

    private static Dictionary<string, string> Headers(ReadOnlySpan<byte> bytes)
    {
        Dictionary<string, string> headers = [];
        while (!bytes.IsEmpty)
        {
            int nameLength = bytes[0];
            string name = Encoding.UTF8.GetString(bytes.Slice(1, nameLength));
            Assert.Equal(7, bytes[1 + nameLength]);
            int valueLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 + nameLength)..]);
            headers.Add(name, Encoding.UTF8.GetString(bytes.Slice(4 + nameLength, valueLength)));
            bytes = bytes[(4 + nameLength + valueLength)..];
        }
        return headers;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint value = uint.MaxValue;
        foreach (byte b in bytes)
            value = Table[(value ^ b) & 0xFF] ^ (value >> 8);
        return ~value;
    }
}
