using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>What an action answers.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">JSON; empty for none.</param>
internal sealed record LambdaAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Headers besides those that every answer has.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>No body.</summary>
    public static LambdaAnswer Empty(int status) => new(status, default);

    public static LambdaAnswer Json(int status, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, Options))
            write(json);
        return new LambdaAnswer(status, body.WrittenMemory);
    }

    /// <summary>200 with a list and, when there is more, the marker of its next page.</summary>
    public static LambdaAnswer Page<T>(string name, ListPage<T> page, Action<Utf8JsonWriter, T> write) => Json(StatusCodes.Status200OK, json =>
    {
        json.WriteStartObject();
        if (page.NextMarker is not null)
            json.WriteString("NextMarker", page.NextMarker);
        json.WriteStartArray(name);
        foreach (T item in page.Items)
            write(json, item);
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
