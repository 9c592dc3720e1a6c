using System.Text.Json;
using System.Text.Unicode;

namespace LambdaStreamRunner.Core.Histories.Lines;

/// <summary>Bytes that nearly always are a text: written as one, so that people can read it, and as base64 when they are none.</summary>
internal static class BytesLine
{
    public static string NameOfBase64(string name) => name + "Base64";

    public static void Write(Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
            json.WriteString(name, bytes);
        else
            json.WriteBase64String(NameOfBase64(name), bytes);
    }
}
