using System.Buffers;
using System.Text.Json;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.FunctionHost.RuntimeApi;

/// <summary>An error as .NET's runtime reports it: errorType, errorMessage, stackTrace, and the cause in the same form.</summary>
internal static class ErrorDocument
{
    /// <summary>The document as UTF-8.</summary>
    public static ReadOnlySpan<byte> Of(FunctionError error)
    {
        var written = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(written))
            Write(json, error);
        return written.WrittenSpan;
    }

    private static void Write(Utf8JsonWriter json, FunctionError error)
    {
        json.WriteStartObject();
        json.WriteString("errorType"u8, error.ErrorType);
        json.WriteString("errorMessage"u8, error.ErrorMessage);
        json.WriteStartArray("stackTrace"u8);
        foreach (string frame in error.StackTrace)
            json.WriteStringValue(frame);
        json.WriteEndArray();
        if (error.Cause is { } cause)
        {
            json.WritePropertyName("cause"u8);
            Write(json, cause);
        }
        json.WriteEndObject();
    }
}
