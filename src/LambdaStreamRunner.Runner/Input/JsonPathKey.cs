using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using JsonException = Newtonsoft.Json.JsonException;
using StrictJsonException = System.Text.Json.JsonException;

namespace LambdaStreamRunner.Runner.Input;

/// <summary>A JSON path with indices, wildcards or filters: the whole line becomes a tree first.</summary>
internal sealed class JsonPathKey : PartitionKeyExpression
{
    private static readonly JsonSelectSettings Select = new() { RegexMatchTimeout = TimeSpan.FromSeconds(1) };
    private static readonly JsonSerializerSettings AsWritten = new() { DateParseHandling = DateParseHandling.None, MaxDepth = 64 };

    private JsonPathKey(string written)
        : base(written)
    {
    }

    public static JsonPathKey? TryParse(string written, out string? mistake)
    {
        mistake = null;
        try
        {
            _ = new JObject().SelectTokens(written, Select).Any();   // the path is compiled before the first token is looked for
            return new JsonPathKey(written);
        }
        catch (JsonException invalid)
        {
            mistake = $"the JSON path cannot be read: {invalid.Message.TrimEnd('.')}. Write one as $.user.id or $.items[0].id.";
            return null;
        }
    }

    private protected override PartitionKey Find(ReadOnlySpan<byte> line)
    {
        try
        {
            if (!IsJson(line))
                return PartitionKey.None("is not JSON");
            JToken? root = JsonConvert.DeserializeObject<JToken>(Encoding.UTF8.GetString(line), AsWritten);
            return KeyOf(root?.SelectTokens(ToString(), Select).Take(2).ToArray() ?? []);
        }
        catch (JsonException unreadable)
        {
            return PartitionKey.None($"cannot be searched: {unreadable.Message}");
        }
        catch (RegexMatchTimeoutException)
        {
            return PartitionKey.None($"kept {this} busy for more than 1 s");
        }
    }

    /// <summary>Newtonsoft.Json forgives much that is not JSON; both kinds of path shall take the same lines.</summary>
    private static bool IsJson(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        try
        {
            while (reader.Read())
            {
                // Every token is looked at once.
            }
            return true;
        }
        catch (StrictJsonException)
        {
            return false;
        }
    }

    private PartitionKey KeyOf(JToken[] found) => found switch
    {
        [] => PartitionKey.None($"has nothing at {this}"),
        [JValue { Value: null }] => PartitionKey.None($"has null at {this}"),
        [JValue { Value: bool flag }] => PartitionKey.Of(flag ? "true" : "false"),
        [JValue value] => PartitionKey.Of(value.ToString(CultureInfo.InvariantCulture)),
        [_] => PartitionKey.None($"has no text or number at {this}"),
        _ => PartitionKey.None($"has several values at {this}"),
    };
}
