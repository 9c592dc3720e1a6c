using System.Buffers;
using System.Buffers.Text;
using System.Collections.Frozen;
using System.Formats.Cbor;
using System.Text;
using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Protocol.Cbor;

/// <summary>Writes an answer in JSON again as CBOR: blobs as byte strings, times as tag 1 and integer milliseconds.</summary>
/// <remarks>Times are never floating point numbers: the AWS SDKs do not read those (Kinesis reference 1.2).</remarks>
internal static class CborAnswer
{
    // By their names alone: no answer of Kinesis uses them for anything else, or has maps whose keys users choose.
    private const string Blob = "Data";

    private static readonly FrozenSet<string> Timestamps = FrozenSet.Create(
        StringComparer.Ordinal,
        "ApproximateArrivalTimestamp", "ConsumerCreationTimestamp", "EarliestAllowedEndAt", "EndedAt", "StartedAt", "StreamCreationTimestamp");

    // Members of records come by the thousand: their names are not made each time.
    private static readonly (byte[] Utf8, string Name)[] Frequent =
        [.. new[] { "SequenceNumber", "ApproximateArrivalTimestamp", Blob, "PartitionKey", "ShardId" }.Select(name => (Encoding.UTF8.GetBytes(name), name))];

    /// <param name="json">A whole answer of an action; nothing when it has none.</param>
    /// <param name="answer">Takes the CBOR.</param>
    public static void Transcode(ReadOnlySpan<byte> json, IBufferWriter<byte> answer)
    {
        if (json.IsEmpty)
            return;
        var cbor = new CborWriter(CborConformanceMode.Lax, convertIndefiniteLengthEncodings: true, initialCapacity: json.Length);
        var reader = new Utf8JsonReader(json);
        string name = "";
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName)
                cbor.WriteTextString(name = NameIn(ref reader));
            else
                WriteValue(ref reader, name, cbor);
        }
        cbor.Encode(answer.GetSpan(cbor.BytesWritten));
        answer.Advance(cbor.BytesWritten);
    }

    private static void WriteValue(ref Utf8JsonReader reader, string name, CborWriter cbor)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                cbor.WriteStartMap(null);
                break;
            case JsonTokenType.EndObject:
                cbor.WriteEndMap();
                break;
            case JsonTokenType.StartArray:
                cbor.WriteStartArray(null);
                break;
            case JsonTokenType.EndArray:
                cbor.WriteEndArray();
                break;
            case JsonTokenType.String when name == Blob:
                WriteBlob(ref reader, cbor);
                break;
            case JsonTokenType.String:
                cbor.WriteTextString(reader.GetString()!);
                break;
            case JsonTokenType.Number when Timestamps.Contains(name):
                cbor.WriteTag(CborTag.UnixTimeSeconds);
                cbor.WriteInt64((long)(reader.GetDecimal() * 1000));
                break;
            case JsonTokenType.Number:
                cbor.WriteInt64(reader.GetInt64());
                break;
            case JsonTokenType.Null:
                cbor.WriteNull();
                break;
            default:
                cbor.WriteBoolean(reader.GetBoolean());
                break;
        }
    }

    private static string NameIn(ref Utf8JsonReader reader)
    {
        foreach ((byte[] utf8, string name) in Frequent)
        {
            if (reader.ValueSpan.SequenceEqual(utf8))
                return name;
        }
        return reader.GetString()!;
    }

    private static void WriteBlob(ref Utf8JsonReader reader, CborWriter cbor)
    {
        ReadOnlySpan<byte> base64 = reader.ValueSpan;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(base64.Length));
        try
        {
            Base64.DecodeFromUtf8(base64, bytes, out _, out int length);
            cbor.WriteByteString(bytes.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
