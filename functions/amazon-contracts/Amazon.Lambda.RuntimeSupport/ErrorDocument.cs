using System.Text.Json;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>An exception as the Runtime API takes it.</summary>
internal static class ErrorDocument
{
    public static byte[] Of(Exception thrown)
    {
        using var document = new MemoryStream();
        using (var json = new Utf8JsonWriter(document))
            Write(json, thrown);
        return document.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Exception thrown)
    {
        json.WriteStartObject();
        json.WriteString("errorType", thrown.GetType().Name);
        json.WriteString("errorMessage", thrown.Message);
        json.WriteStartArray("stackTrace");
        foreach (string frame in (thrown.StackTrace ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            json.WriteStringValue(frame);
        json.WriteEndArray();
        if (thrown.InnerException is { } cause)
        {
            json.WritePropertyName("cause");
            Write(json, cause);
        }
        json.WriteEndObject();
    }
}
