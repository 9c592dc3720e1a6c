using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Runner.Environments.RuntimeApi;

/// <summary>Reads the document that runtimes report errors with.</summary>
internal static class FunctionErrorJson
{
    /// <summary>Characters of a document in no known form that are quoted.</summary>
    private const int QuotedMax = 1_000;

    /// <summary>The error; whatever the document is, there is one.</summary>
    /// <param name="body">The document.</param>
    /// <param name="typeDefault">Used when the document names no type.</param>
    public static FunctionError Read(ReadOnlySpan<byte> body, string? typeDefault)
    {
        string type = string.IsNullOrEmpty(typeDefault) ? "Unhandled" : typeDefault;
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind is JsonValueKind.Object)
                return Read(document.RootElement, type, FunctionError.CausesMax);
        }
        catch (JsonException)
        {
            // Quoted below: a runtime may say what it likes.
        }
        string text = Encoding.UTF8.GetString(body);
        return new FunctionError(type, text.Length > QuotedMax ? $"{text[..QuotedMax]} ..." : text, []);
    }

    private static FunctionError Read(JsonElement error, string typeDefault, int causes)
    {
        FunctionError? cause = causes > 0 && error.TryGetProperty("cause", out JsonElement inner) && inner.ValueKind is JsonValueKind.Object
            ? Read(inner, typeDefault, causes - 1)
            : null;
        return new FunctionError(Text(error, "errorType") ?? typeDefault, Text(error, "errorMessage") ?? "", Frames(error), cause);
    }

    private static ImmutableArray<string> Frames(JsonElement error) =>
        error.TryGetProperty("stackTrace", out JsonElement trace) && trace.ValueKind is JsonValueKind.Array
            ? [.. trace.EnumerateArray().Take(FunctionError.FramesMax).Select(frame => frame.ValueKind is JsonValueKind.String ? frame.GetString()!.TrimEnd() : frame.GetRawText())]
            : [];

    private static string? Text(JsonElement at, string name) =>
        at.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
