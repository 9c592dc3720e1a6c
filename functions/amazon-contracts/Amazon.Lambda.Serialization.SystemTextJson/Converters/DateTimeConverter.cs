using System.Text.Json;
using System.Text.Json.Serialization;

namespace Amazon.Lambda.Serialization.SystemTextJson.Converters;

/// <summary>Times as AWS's events write them: ISO text, epoch seconds, or epoch milliseconds.</summary>
public class DateTimeConverter : JsonConverter<DateTime>
{
    /// <summary>Whole numbers above this are milliseconds: as seconds they would be past the year 5000.</summary>
    private const long SecondsMax = 157_753_180_800;

    /// <inheritdoc/>
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.TryGetDateTime(out DateTime time))
            return time;
        if (reader.TokenType != JsonTokenType.Number)
            throw new JsonSerializerException($"Unknown data type for DateTime: {reader.TokenType}");
        if (!reader.TryGetInt64(out long whole))
            return DateTime.UnixEpoch.AddSeconds(reader.GetDouble());

        return whole > SecondsMax ? DateTime.UnixEpoch.AddMilliseconds(whole) : DateTime.UnixEpoch.AddSeconds(whole);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
