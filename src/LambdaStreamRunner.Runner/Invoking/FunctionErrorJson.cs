using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Runner.Invoking;

/// <summary>Reads the document that a runtime writes about an error: <c>errorType</c>, <c>errorMessage</c>, <c>stackTrace</c> (Node.js: <c>trace</c>) and <c>cause</c>.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html"/>.</remarks>
internal static class FunctionErrorJson
{
    // Characters of something else that are quoted.
    private const int QuotedMax = 1_000;

    /// <summary>The error that a body tells of; when it is no such document, one that quotes it.</summary>
    /// <param name="body">The document.</param>
    /// <param name="otherwise">The type of an error that names none.</param>
    public static FunctionError Read(ReadOnlyMemory<byte> body, string otherwise) =>
        TryRead(body, out FunctionError? error)
            ? error with { ErrorType = error.ErrorType.Length > 0 ? error.ErrorType : otherwise }
            : new FunctionError(otherwise, body.IsEmpty ? "The function failed and said nothing." : Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, QuotedMax)]), []);

    /// <summary>True when a body is such a document: an object with <c>errorMessage</c> or <c>errorType</c>, or both.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out FunctionError? error)
    {
        error = null;
        if (body.Span.IndexOf("\"error"u8) < 0)               // a good answer is parsed once, by who reads it
            return false;
        try
        {
            using var json = JsonDocument.Parse(body);
            if (Text(json.RootElement, "errorMessage") is null && Text(json.RootElement, "errorType") is null)
                return false;
            error = Read(json.RootElement, FunctionError.CausesMax);
            return true;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {                                                     // the second: a member whose name is no text
            return false;
        }
    }

    private static FunctionError Read(JsonElement at, int causes)
    {
        FunctionError? cause = causes > 0 && at.TryGetProperty("cause", out JsonElement inner) && inner.ValueKind is JsonValueKind.Object ? Read(inner, causes - 1) : null;
        return new FunctionError(Text(at, "errorType") ?? "", Text(at, "errorMessage") ?? "", Frames(at), cause);
    }

    // Python has had lists of places in the place of lines.
    private static ImmutableArray<string> Frames(JsonElement at) =>
        (at.TryGetProperty("stackTrace", out JsonElement frames) || at.TryGetProperty("trace", out frames)) && frames.ValueKind is JsonValueKind.Array
            ? [.. frames.EnumerateArray().Take(FunctionError.FramesMax).Select(frame => TextOf(frame).TrimEnd())]
            : [];

    private static string? Text(JsonElement at, string name) =>
        at.ValueKind is JsonValueKind.Object && at.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? TextOf(value) : null;

    // As written where it is no text of .NET: Python and JavaScript have texts with half a surrogate pair, and write them so.
    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value)).Trim('"');
        }
    }
}
