using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LambdaStreamRunner.Runner.Input;

/// <summary>A JSON path of names only, as <c>$.user.id</c>: found in one pass over the bytes, without a tree.</summary>
internal sealed partial class JsonMemberKey : PartitionKeyExpression
{
    private readonly byte[][] _names;
    private readonly PartitionKey _nothing;

    private JsonMemberKey(string written, byte[][] names)
        : base(written) => (_names, _nothing) = (names, PartitionKey.None($"has nothing at {written}"));

    /// <summary>Null when the path is more than names.</summary>
    public static JsonMemberKey? TryParse(string written) => NamesOnly().IsMatch(written)
        ? new JsonMemberKey(written, [.. written[2..].Split('.').Select(Encoding.UTF8.GetBytes)])
        : null;

    private protected override PartitionKey Find(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        try
        {
            PartitionKey key = _nothing;
            reader.Read();
            Walk(ref reader, 0, ref key);
            reader.Read();                                    // throws for anything after the value
            return key;
        }
        catch (JsonException)
        {
            return PartitionKey.None("is not JSON");
        }
        catch (InvalidOperationException)                     // a text that is not UTF-8, or half of a surrogate pair
        {
            return PartitionKey.None("holds text that is not Unicode");
        }
    }

    /// <summary>Goes through one value to its end; of names that repeat, the last one counts.</summary>
    private void Walk(ref Utf8JsonReader reader, int depth, ref PartitionKey key)
    {
        if (depth == _names.Length)
        {
            key = KeyOf(ref reader);
            reader.Skip();
            return;
        }
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            bool isOurs = reader.ValueTextEquals(_names[depth]);
            reader.Read();
            if (isOurs)
                Walk(ref reader, depth + 1, ref key);
            else
                reader.Skip();
        }
    }

    private PartitionKey KeyOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => PartitionKey.Of(reader.GetString()!),
        JsonTokenType.Number => PartitionKey.Of(Encoding.ASCII.GetString(reader.ValueSpan)),
        JsonTokenType.True => PartitionKey.Of("true"),
        JsonTokenType.False => PartitionKey.Of("false"),
        JsonTokenType.Null => PartitionKey.None($"has null at {this}"),
        _ => PartitionKey.None($"has no text or number at {this}"),
    };

    [GeneratedRegex(@"^\$(\.[\p{L}_][\p{L}\p{Nd}_]*)+\z")]
    private static partial Regex NamesOnly();
}
