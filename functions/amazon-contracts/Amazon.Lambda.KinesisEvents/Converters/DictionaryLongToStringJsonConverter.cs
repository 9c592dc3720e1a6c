using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Amazon.Lambda.KinesisEvents.Converters;

/// <summary>Reads an object of strings and whole numbers as a dictionary of strings; other values are refused.</summary>
public class DictionaryLongToStringJsonConverter : JsonConverter<Dictionary<string, string>>
{
    /// <inheritdoc/>
    public override Dictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException($"State is a {reader.TokenType}; it must be an object.");

        var state = new Dictionary<string, string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString();
            if (string.IsNullOrWhiteSpace(name))
                throw new JsonException("State has a member without a name.");
            reader.Read();
            state.Add(name, ReadValue(ref reader));
        }
        return state;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Dictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach ((string name, string text) in value)
            writer.WriteString(name, text);
        writer.WriteEndObject();
    }

    private static string ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number when reader.TryGetInt64(out long number) => number.ToString(CultureInfo.InvariantCulture),
        _ => throw new JsonException($"State has a value that is a {reader.TokenType}; only strings and whole numbers of 64 bits are read."),
    };
}
