using System.Globalization;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Histories.Lines;

/// <summary>The members of a JSON object, asked for by name; what nobody asked for is told at the end.</summary>
/// <param name="json">The object.</param>
internal sealed class Members(JsonElement json)
{
    private const long MillisecondsMin = -62_135_596_800_000;  // the year 1
    private const long MillisecondsMax = 253_402_300_799_999;  // the end of the year 9999

    private readonly List<string> _asked = [];
    private readonly List<Members> _inner = [];

    /// <summary>The members of an object inside; null when it is absent.</summary>
    public Members? FindObject(string name)
    {
        if (Find(name) is not { } value)
            return null;
        Require(value, JsonValueKind.Object, name, "an object");
        return Inside(value);
    }

    public Members Object(string name) => FindObject(name) ?? throw Missing(name);

    public string? FindText(string name)
    {
        if (Find(name) is not { } value)
            return null;
        Require(value, JsonValueKind.String, name, "a text");
        return value.GetString()!;
    }

    public string Text(string name) => FindText(name) ?? throw Missing(name);

    public long? FindNumber(string name)
    {
        if (Find(name) is not { } value)
            return null;
        Require(value, JsonValueKind.Number, name, "a whole number");
        return value.TryGetInt64(out long number) ? number : throw Wrong(name, "a whole number");
    }

    public long Number(string name) => FindNumber(name) ?? throw Missing(name);

    public int Integer(string name) => Number(name) is >= int.MinValue and <= int.MaxValue and long number ? (int)number : throw Wrong(name, "a number of 32 bits");

    /// <summary>A whole number within bounds, both allowed.</summary>
    public int Integer(string name, int min, int max) => Number(name) is long number && number >= min && number <= max ? (int)number
        : throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"));

    /// <summary>False when it is absent.</summary>
    public bool Flag(string name)
    {
        if (Find(name) is not { } value)
            return false;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, "true or false");
    }

    public DateTimeOffset Time(string name) =>
        Find(name) is not { } value ? throw Missing(name)
        : value.ValueKind is JsonValueKind.String && value.TryGetDateTimeOffset(out DateTimeOffset time) ? time
        : throw Wrong(name, "a time such as 2026-01-01T00:00:00Z");

    public DateTimeOffset? FindTime(string name) => Find(name) is null ? null : Time(name);

    /// <summary>A time in milliseconds since the epoch.</summary>
    public DateTimeOffset Milliseconds(string name) => Number(name) is >= MillisecondsMin and <= MillisecondsMax and long milliseconds
        ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
        : throw Wrong(name, "a time in milliseconds since 1970");

    public TimeSpan? FindSeconds(string name)
    {
        if (Find(name) is not { } value)
            return null;
        Require(value, JsonValueKind.Number, name, "a number of seconds");
        bool isTime = value.TryGetDecimal(out decimal seconds) && Math.Abs(seconds) < long.MaxValue / (decimal)TimeSpan.TicksPerSecond;
        return isTime ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond)) : throw Wrong(name, "a number of seconds");
    }

    public TimeSpan Seconds(string name) => FindSeconds(name) ?? throw Missing(name);

    public Guid Id(string name) => Guid.TryParse(Text(name), out Guid id) ? id : throw Wrong(name, "a UUID");

    public UInt128 HashKey(string name) =>
        UInt128.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out UInt128 key) ? key : throw Wrong(name, "a hash key: decimal digits of a 128-bit number");

    public SequenceNumber SequenceNumber(string name) => NumberLine.TryParse(Text(name), out SequenceNumber number) ? number : throw Wrong(name, NumberLine.Allowed);

    public byte[] Base64(string name) =>
        Find(name) is not { } value ? throw Missing(name)
        : value.ValueKind is JsonValueKind.String && value.TryGetBytesFromBase64(out byte[]? bytes) ? bytes
        : throw Wrong(name, "base64");

    /// <summary>Bytes that are a text, or base64 under another name when they are none; null when both are absent.</summary>
    public byte[]? FindBytes(string name) => FindText(name) is { } text ? Encoding.UTF8.GetBytes(text)
        : Find(BytesLine.NameOfBase64(name)) is null ? null
        : Base64(BytesLine.NameOfBase64(name));

    public byte[] Bytes(string name) => FindBytes(name) ?? throw Missing(name);

    public T? FindWord<T>(string name) where T : struct, Enum
    {
        if (FindText(name) is not { } text)
            return null;
        bool isName = Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]) && text[0] != '-';
        return isName ? value : throw new BadLineException($"has a \"{name}\" that is '{text}'; it can be {string.Join(", ", Enum.GetNames<T>())}.");
    }

    public T Word<T>(string name) where T : struct, Enum => FindWord<T>(name) ?? throw Missing(name);

    /// <summary>The entries of a list; none when it is absent.</summary>
    public IEnumerable<JsonElement> List(string name)
    {
        if (Find(name) is not { } value)
            return [];
        Require(value, JsonValueKind.Array, name, "a list");
        return value.EnumerateArray();
    }

    public IEnumerable<string> Texts(string name) =>
        List(name).Select(entry => entry.ValueKind is JsonValueKind.String ? entry.GetString()! : throw Wrong(name, "a list of texts"));

    public IEnumerable<Members> Objects(string name) =>
        List(name).Select(entry => entry.ValueKind is JsonValueKind.Object ? Inside(entry) : throw Wrong(name, "a list of objects"));

    /// <summary>The names that nobody has asked for, those inside too.</summary>
    public IEnumerable<string> Unasked() =>
        json.EnumerateObject().Select(member => member.Name).Where(name => !_asked.Contains(name)).Concat(_inner.SelectMany(inner => inner.Unasked()));

    public static BadLineException Wrong(string name, string allowed) => new($"has a \"{name}\" that is not {allowed}.");

    private Members Inside(JsonElement value)
    {
        var inner = new Members(value);
        _inner.Add(inner);
        return inner;
    }

    private JsonElement? Find(string name)
    {
        _asked.Add(name);
        return json.TryGetProperty(name, out JsonElement value) ? value : null;
    }

    private static void Require(JsonElement value, JsonValueKind kind, string name, string allowed)
    {
        if (value.ValueKind != kind)
            throw Wrong(name, allowed);
    }

    private static BadLineException Missing(string name) => new($"has no \"{name}\".");
}
