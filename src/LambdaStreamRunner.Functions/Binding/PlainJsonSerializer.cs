using System.Text.Json;
using System.Text.Json.Serialization;

namespace LambdaStreamRunner.Functions.Binding;

/// <summary>Reads events into plain types and writes answers, for delegates whose assembly names no serializer.</summary>
internal sealed class PlainJsonSerializer
{
    private readonly JsonSerializerOptions _options = new()
    {
        PropertyNameCaseInsensitive = true,
        Converters = { new Base64StreamConverter(), new EpochSecondsConverter(), new EpochSecondsOffsetConverter() },
    };

    public T? Deserialize<T>(Stream requestStream) => JsonSerializer.Deserialize<T>(requestStream, _options);

    public void Serialize<T>(T response, Stream responseStream) => JsonSerializer.Serialize(responseStream, response, _options);

    /// <summary>A record's data is base64 text.</summary>
    private sealed class Base64StreamConverter : JsonConverter<MemoryStream>
    {
        public override MemoryStream Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetBytesFromBase64());

        public override void Write(Utf8JsonWriter writer, MemoryStream value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value.ToArray());
    }

    /// <summary>A record's arrival is a number of seconds since the epoch; text is ISO 8601.</summary>
    private sealed class EpochSecondsConverter : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number ? FromSeconds(reader.GetDouble()).UtcDateTime : reader.GetDateTime();

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    /// <inheritdoc cref="EpochSecondsConverter"/>
    private sealed class EpochSecondsOffsetConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number ? FromSeconds(reader.GetDouble()) : reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    /// <summary>Arrivals have milliseconds; rounding removes the noise of a double.</summary>
    private static DateTimeOffset FromSeconds(double seconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(seconds * 1000));
}
