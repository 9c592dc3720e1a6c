using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace LambdaStreamRunner.Runner.Aws;

/// <summary>Reads refusals: JSON with <c>__type</c>, XML of the query protocol and of S3, or the headers alone.</summary>
/// <remarks>Anything may listen at an address: whatever it says, the worst is an error that quotes it.</remarks>
internal static class AwsErrors
{
    // Characters of a strange answer that are quoted.
    private const int QuotedMax = 300;

    public static AwsException Read(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> body)
    {
        (string? code, string? message) = body.TrimStart(" \t\r\n"u8) switch
        {
            [(byte)'{', ..] => ReadJson(body),
            [(byte)'<', ..] => ReadXml(body),
            _ => (null, null),
        };
        code ??= First(headers, "x-amzn-ErrorType") ?? First(headers, "x-amzn-query-error");
        message = First(headers, "x-amzn-error-message") ?? message;
        return code is null
            ? new AwsException($"HTTP {status}", body.IsEmpty ? "the answer has no body" : Quote(body), status)
            : new AwsException(ShortCode(code), message ?? "", status);
    }

    /// <summary>The code without namespace and URL: <c>a.b#Code:http://…</c> is <c>Code</c>.</summary>
    public static string ShortCode(string code)
    {
        code = code.Split(':', ';')[0];
        return code[(code.LastIndexOf('#') + 1)..];
    }

    private static (string? Code, string? Message) ReadJson(ReadOnlySpan<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body.ToArray());
            return (Text(json.RootElement, "__type") ?? Text(json.RootElement, "code"), Text(json.RootElement, "message") ?? Text(json.RootElement, "Message"));
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {                                                     // the second: text that is no UTF-8, or half a surrogate pair
            return (null, null);
        }
    }

    private static (string? Code, string? Message) ReadXml(ReadOnlySpan<byte> body)
    {
        try
        {
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit };
            using var reader = XmlReader.Create(new MemoryStream(body.ToArray()), settings);
            XElement root = XDocument.Load(reader).Root!;
            if (root.Name.LocalName.Equals("html", StringComparison.OrdinalIgnoreCase))
                return (null, null);                          // a page for people: some other server
            XElement error = root.DescendantsAndSelf().FirstOrDefault(element => element.Name.LocalName == "Error") ?? root;
            return (Child(error, "Code") ?? (error.HasElements ? null : error.Name.LocalName), Child(error, "Message"));
        }
        catch (XmlException)
        {
            return (null, null);
        }
    }

    private static string? Text(JsonElement at, string name) =>
        at.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static string? Child(XElement at, string name) => at.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;

    private static string? First(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

    private static string Quote(ReadOnlySpan<byte> body) => $"the answer is '{Encoding.UTF8.GetString(body[..Math.Min(body.Length, QuotedMax)])}'";
}
