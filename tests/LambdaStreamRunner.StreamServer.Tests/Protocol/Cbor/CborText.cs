using System.Formats.Cbor;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LambdaStreamRunner.StreamServer.Tests.Protocol.Cbor;

/// <summary>How lengths are said: all three forms mean the same.</summary>
internal enum CborForm
{
    /// <summary>Maps and lists have no length but an end, as Java's SDKs write them.</summary>
    Indefinite,

    /// <summary>Everything says its length first.</summary>
    Definite,

    /// <summary>Texts and byte strings come in pieces as well.</summary>
    InPieces,
}

/// <summary>Requests and answers between JSON and the CBOR that Java's SDKs write and read, independently of the server.</summary>
internal static class CborText
{
    public const string ContentType = "application/x-amz-cbor-1.1";

    private static readonly string[] Times =
        ["Timestamp", "ApproximateArrivalTimestamp", "StreamCreationTimestamp", "ConsumerCreationTimestamp", "StartedAt", "EndedAt", "EarliestAllowedEndAt"];

    /// <summary>As Java's SDKs write it: blobs as byte strings, times as tag 1 and milliseconds.</summary>
    public static byte[] FromJson(string json, CborForm form = CborForm.Indefinite)
    {
        var cbor = new CborWriter(CborConformanceMode.Lax);
        using JsonDocument document = JsonDocument.Parse(json);
        Write(cbor, document.RootElement, "", form);
        return cbor.Encode();
    }

    /// <summary>The answer as JSON; fails when a time is not an integer behind tag 1, or a blob not a byte string.</summary>
    public static JsonNode? ToJson(byte[] cbor)
    {
        var reader = new CborReader(cbor, CborConformanceMode.Lax);
        JsonNode? node = Read(reader, "");
        Assert.Equal(0, reader.BytesRemaining);
        return node;
    }

    public static HttpRequestMessage Request(string action, byte[] body)
    {
        HttpRequestMessage request = KinesisServer.Request(action, "");
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        return request;
    }

    private static void Write(CborWriter cbor, JsonElement value, string name, CborForm form)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                cbor.WriteStartMap(form is CborForm.Definite ? value.EnumerateObject().Count() : null);
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    WriteText(cbor, member.Name, form);
                    Write(cbor, member.Value, member.Name, form);
                }
                cbor.WriteEndMap();
                break;
            case JsonValueKind.Array:
                cbor.WriteStartArray(form is CborForm.Definite ? value.GetArrayLength() : null);
                foreach (JsonElement element in value.EnumerateArray())
                    Write(cbor, element, name, form);
                cbor.WriteEndArray();
                break;
            case JsonValueKind.String when name == "Data":
                WriteBytes(cbor, value.GetBytesFromBase64(), form);
                break;
            case JsonValueKind.String:
                WriteText(cbor, value.GetString()!, form);
                break;
            case JsonValueKind.Number when Times.Contains(name):
                cbor.WriteTag(CborTag.UnixTimeSeconds);
                cbor.WriteInt64((long)(value.GetDecimal() * 1000));
                break;
            case JsonValueKind.Number when value.TryGetInt64(out long number):
                cbor.WriteInt64(number);
                break;
            case JsonValueKind.Number:
                cbor.WriteDouble(value.GetDouble());
                break;
            case JsonValueKind.Null:
                cbor.WriteNull();
                break;
            default:
                cbor.WriteBoolean(value.GetBoolean());
                break;
        }
    }

    private static void WriteText(CborWriter cbor, string text, CborForm form)
    {
        if (form is not CborForm.InPieces)
        {
            cbor.WriteTextString(text);
            return;
        }
        cbor.WriteStartIndefiniteLengthTextString();
        foreach (System.Text.Rune character in text.EnumerateRunes())
            cbor.WriteTextString(character.ToString());
        cbor.WriteEndIndefiniteLengthTextString();
    }

    private static void WriteBytes(CborWriter cbor, byte[] bytes, CborForm form)
    {
        if (form is not CborForm.InPieces)
        {
            cbor.WriteByteString(bytes);
            return;
        }
        cbor.WriteStartIndefiniteLengthByteString();
        foreach (byte[] piece in bytes.Chunk(2))
            cbor.WriteByteString(piece);
        cbor.WriteEndIndefiniteLengthByteString();
    }

    private static JsonNode? Read(CborReader reader, string name)
    {
        switch (reader.PeekState())
        {
            case CborReaderState.StartMap:
                var map = new JsonObject();
                reader.ReadStartMap();
                while (reader.PeekState() is not CborReaderState.EndMap)
                {
                    string member = reader.ReadTextString();
                    map.Add(member, Read(reader, member));
                }
                reader.ReadEndMap();
                return map;
            case CborReaderState.StartArray:
                var list = new JsonArray();
                reader.ReadStartArray();
                while (reader.PeekState() is not CborReaderState.EndArray)
                    list.Add(Read(reader, name));
                reader.ReadEndArray();
                return list;
            case CborReaderState.ByteString:
                Assert.Equal("Data", name);
                return Convert.ToBase64String(reader.ReadByteString());
            case CborReaderState.TextString:
                Assert.NotEqual("Data", name);
                return reader.ReadTextString();
            case CborReaderState.Tag:
                Assert.Equal(CborTag.UnixTimeSeconds, reader.ReadTag());
                Assert.Contains(name, Times);
                return JsonValue.Create(reader.ReadInt64() / 1000m);
            case CborReaderState.Boolean:
                return reader.ReadBoolean();
            default:
                Assert.DoesNotContain(name, Times);
                return reader.ReadInt64();
        }
    }
}
