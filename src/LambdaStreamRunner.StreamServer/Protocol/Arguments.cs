using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>Members of a request that has passed both checks, by name; null where a member is absent.</summary>
internal readonly struct Arguments(JsonElement structure)
{
    public bool Has(string name) => Find(name) is not null;

    public string? Text(string name) => Find(name)?.GetString();

    public int? Integer(string name) => Find(name) is { } value ? ToInteger(value) : null;

    public byte[] Blob(string name) => Find(name)!.Value.GetBytesFromBase64();

    /// <summary>Milliseconds since the epoch; the request has seconds with a fraction.</summary>
    public long? Milliseconds(string name) => Find(name) is { } value ? (long)Math.Clamp(Math.Round(value.GetDouble() * 1000), -9e15, 9e15) : null;

    public Arguments? Structure(string name) => Find(name) is { } value ? new Arguments(value) : null;

    public IEnumerable<Arguments> List(string name)
    {
        foreach (JsonElement element in Find(name)!.Value.EnumerateArray())
            yield return new Arguments(element);
    }

    /// <summary>The elements of a list of texts.</summary>
    public IEnumerable<string> Texts(string name)
    {
        foreach (JsonElement element in Find(name)!.Value.EnumerateArray())
            yield return element.GetString()!;
    }

    /// <summary>The entries of a map of texts, as they were sent; a key may come twice.</summary>
    public IEnumerable<(string Key, string Value)> Map(string name)
    {
        foreach (JsonProperty entry in Find(name)!.Value.EnumerateObject())
            yield return (entry.Name, entry.Value.GetString()!);
    }

    /// <summary>False when it is absent.</summary>
    public bool Boolean(string name) => Find(name)?.GetBoolean() ?? false;

    /// <summary>A number as AWS reads an Integer: rounded down, and held to ±2147483647.</summary>
    public static int ToInteger(JsonElement value) => (int)Math.Clamp(Math.Floor(value.GetDouble()), -int.MaxValue, int.MaxValue);

    /// <summary>Bytes that a text in base64 stands for.</summary>
    public static int BlobLength(string base64) =>
        (base64.Length / 4 * 3) - (base64.EndsWith("==", StringComparison.Ordinal) ? 2 : base64.EndsWith('=') ? 1 : 0);

    private JsonElement? Find(string name) =>
        structure.TryGetProperty(name, out JsonElement value) && value.ValueKind is not JsonValueKind.Null ? value : null;
}
