using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;

namespace LambdaStreamRunner.Runner.Configuration.Syntax;

/// <summary>Reads JSON with comments and trailing commas into <see cref="JsonValue"/>s.</summary>
internal ref struct JsonTree
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly ReadOnlySpan<byte> _utf8;
    private Utf8JsonReader _reader;
    private int _line = 1;
    private int _counted;

    private JsonTree(ReadOnlySpan<byte> utf8)
    {
        _utf8 = utf8;
        _reader = new Utf8JsonReader(utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
    }

    /// <summary>The root value, or null and the reason why the bytes are not JSON.</summary>
    public static JsonValue? Read(ReadOnlySpan<byte> utf8, out ConfigurationProblem? problem)
    {
        problem = null;
        if (utf8.StartsWith(ByteOrderMark))
            utf8 = utf8[ByteOrderMark.Length..];
        if (!Utf8.IsValid(utf8))
        {
            problem = new ConfigurationProblem("", null, "The file is not UTF-8 text. Save it as UTF-8.");
            return null;
        }

        var tree = new JsonTree(utf8);
        try
        {
            tree._reader.Read();
            JsonValue root = tree.Value("");
            tree._reader.Read();                              // throws for anything after the root
            return root;
        }
        catch (JsonException mistake)
        {
            problem = new ConfigurationProblem("", (int)(mistake.LineNumber ?? 0) + 1, $"The file is not JSON: {Reason(mistake)}");
            return null;
        }
    }

    private JsonValue Value(string path)
    {
        int line = Line();
        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => Object(path, line),
            JsonTokenType.StartArray => Array(path, line),
            JsonTokenType.String => new JsonValue.Text(path, line, Text()),
            JsonTokenType.Number => new JsonValue.Number(path, line, System.Text.Encoding.ASCII.GetString(_reader.ValueSpan)),
            JsonTokenType.True => new JsonValue.Flag(path, line, true),
            JsonTokenType.False => new JsonValue.Flag(path, line, false),
            _ => new JsonValue.Null(path, line),
        };
    }

    private JsonValue.Object Object(string path, int line)
    {
        var members = ImmutableArray.CreateBuilder<JsonMember>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            string name = Text();
            int nameLine = Line();
            _reader.Read();
            members.Add(new JsonMember(name, nameLine, Value(Member(path, name))));
        }
        return new JsonValue.Object(path, line, members.ToImmutable());
    }

    private JsonValue.Array Array(string path, int line)
    {
        var items = ImmutableArray.CreateBuilder<JsonValue>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            items.Add(Value($"{path}[{items.Count}]"));
        return new JsonValue.Array(path, line, items.ToImmutable());
    }

    /// <summary>The path of a member: names that a dot would garble are quoted.</summary>
    public static string Member(string path, string name)
    {
        bool isPlain = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '$');
        if (!isPlain)
            return $"{path}['{name}']";
        return path.Length == 0 ? name : $"{path}.{name}";
    }

    private readonly string Text()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)                     // an escaped half of a surrogate pair: JSON allows it, UTF-16 does not
        {
            int line = 1 + _utf8[..(int)_reader.TokenStartIndex].Count((byte)'\n');
            throw new JsonException("a text holds half of a surrogate pair.", null, line - 1, null);
        }
    }

    private int Line()
    {
        var start = (int)_reader.TokenStartIndex;
        _line += _utf8[_counted..start].Count((byte)'\n');
        _counted = start;
        return _line;
    }

    private static string Reason(JsonException mistake)
    {
        int place = mistake.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);   // said by the problem already
        return place < 0 ? mistake.Message : mistake.Message[..place];
    }
}
