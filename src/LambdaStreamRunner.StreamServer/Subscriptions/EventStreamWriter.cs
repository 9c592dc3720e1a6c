using System.Buffers;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Subscriptions;

/// <summary>The three kinds of frames in an answer of SubscribeToShard.</summary>
/// <param name="output">Takes the frames.</param>
/// <param name="format">What payloads are written in: the request's.</param>
internal sealed class EventStreamWriter(IBufferWriter<byte> output, PayloadFormat format)
{
    /// <summary>Content type of the whole answer.</summary>
    public const string ContentType = "application/vnd.amazon.eventstream";

    /// <summary>The first frame: boto3 refuses a stream without it, and Go waits for it for ever.</summary>
    public void WriteInitialResponse() => Write(":event-type", "initial-response", "event", "{}"u8.ToArray());

    /// <summary>Records, or a sign of life without any.</summary>
    public void WriteEvent(ReadOnlyMemory<byte> json) => Write(":event-type", "SubscribeToShardEvent", "event", json);

    /// <summary>The last frame of a subscription that is ended for a reason.</summary>
    public void WriteException(KinesisException error)
    {
        using var payload = new PooledWriter();
        using (var json = new Utf8JsonWriter(payload, KinesisJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("message", error.Message);
            json.WriteEndObject();
        }
        Write(":exception-type", error.Error, "exception", payload.Written);
    }

    private void Write(string typeHeader, string type, string messageType, ReadOnlyMemory<byte> json)
    {
        using var room = new PooledWriter();
        EventFrame.Write(
            output,
            [(":message-type", messageType), (typeHeader, type), (":content-type", format.ContentType())],
            format.Encode(json, room).Span);
    }
}
