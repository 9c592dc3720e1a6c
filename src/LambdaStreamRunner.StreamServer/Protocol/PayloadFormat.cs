using System.Buffers;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol.Cbor;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>What bodies are written in; an answer is written in what its request was (Kinesis reference 1.2).</summary>
internal enum PayloadFormat
{
    /// <summary>All SDKs but Java's.</summary>
    Json,

    /// <summary>What Java's SDKs send unless they are told not to.</summary>
    Cbor,
}

/// <summary>Answers are made as JSON; here they become what the client reads.</summary>
internal static class PayloadFormats
{
    /// <summary>The content type of requests and answers.</summary>
    public static string ContentType(this PayloadFormat format) =>
        format is PayloadFormat.Cbor ? KinesisAnswer.Cbor : KinesisAnswer.Json;

    /// <summary>The JSON of an answer in the format.</summary>
    /// <param name="format">The request's.</param>
    /// <param name="json">May be empty: so is the result.</param>
    /// <param name="room">Takes what has to be written anew.</param>
    public static ReadOnlyMemory<byte> Encode(this PayloadFormat format, ReadOnlyMemory<byte> json, PooledWriter room)
    {
        if (format is PayloadFormat.Json)
            return json;
        CborAnswer.Transcode(json.Span, room);
        return room.Written;
    }

    /// <summary>Writes an error as JSON; <c>Message</c> is written as AWS's request parser does, with a capital.</summary>
    public static void WriteJson(this KinesisException error, IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("__type", error.Error);
        if (error.Text is not null)
            json.WriteString(error.Error == "SerializationException" ? "Message" : "message", error.Text);
        json.WriteEndObject();
    }
}
