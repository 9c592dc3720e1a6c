using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;

namespace LambdaStreamRunner.Core.Mappings.Filtering.Patterns;

/// <summary>Takes the JSON of a pattern apart: objects of fields, down to lists of values and operators.</summary>
/// <remarks>A name that is there twice counts as it is there last.</remarks>
internal static class PatternReader
{
    /// <summary>Deepest nesting of a pattern, which bounds the depth of the recursion here and when matching.</summary>
    public const int DepthMax = 64;

    /// <summary>The field of a record whose content is matched.</summary>
    public const string Data = "data";

    private const string Or = "$or";

    /// <summary>The pattern of a whole record.</summary>
    /// <exception cref="InvalidPatternException">The text is none.</exception>
    public static ObjectPattern Read(string text)
    {
        if (text.Length > FilterPattern.LengthMax)
            throw new InvalidPatternException($"has {text.Length} characters; AWS takes {FilterPattern.LengthMax} at most.");
        using JsonDocument json = ParseJson(text);
        if (json.RootElement.ValueKind is not JsonValueKind.Object)
            throw new InvalidPatternException("must be an object in braces, as {\"data\":{\"field\":[\"value\"]}}.");
        return ReadObject(json.RootElement, place: "", isRecord: true);
    }

    private static JsonDocument ParseJson(string text)
    {
        byte[] utf8 = new byte[text.Length * 3];
        if (Utf8.FromUtf16(text, utf8, out _, out int length, replaceInvalidSequences: false) is not System.Buffers.OperationStatus.Done)
            throw new InvalidPatternException("holds half of a surrogate pair, which is no character.");
        try
        {
            return JsonDocument.Parse(utf8.AsMemory(0, length), new JsonDocumentOptions { MaxDepth = DepthMax });
        }
        catch (JsonException mistake)
        {
            int place = mistake.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            string reason = place < 0 ? mistake.Message : mistake.Message[..place];
            throw new InvalidPatternException($"is not JSON (line {mistake.LineNumber + 1}, byte {mistake.BytePositionInLine + 1}): {reason}");
        }
    }

    private static ObjectPattern ReadObject(JsonElement json, string place, bool isRecord)
    {
        var fields = new OrderedDictionary<string, FieldPattern>(StringComparer.Ordinal);
        ImmutableArray<ImmutableArray<ObjectPattern>> alternatives = [];
        foreach (JsonProperty member in json.EnumerateObject())
        {
            string name = PatternText.Of(member, place);
            string path = PatternText.Member(place, name);
            if (name == Or)
                alternatives = [ReadAlternatives(member.Value, path, place, isRecord)];
            else
                fields[name] = ReadField(name, member.Value, path, isRecord);
        }
        if (fields.Count == 0 && alternatives.IsEmpty && !(isRecord && place.Length == 0))
            throw new InvalidPatternException($"has nothing in {place}; name a field and its values, or leave it out.");
        return new ObjectPattern([.. fields.Values], alternatives);
    }

    private static FieldPattern ReadField(string name, JsonElement json, string path, bool isRecord)
    {
        if (json.ValueKind is JsonValueKind.Object)
            return new FieldPattern.Inner(name, ReadObject(json, path, isRecord: false));
        if (isRecord && name == Data)
            throw new InvalidPatternException("must have an object in data, since only data that is a JSON object can be matched.");
        if (json.ValueKind is JsonValueKind.Array)
            return new FieldPattern.Leaf(name, ValueTestReader.Read(json, path));
        throw new InvalidPatternException($"has {json.GetRawText()} in {path}; write values in a list: [{json.GetRawText()}].");
    }

    // The alternatives speak of the object that $or stands in, and so of the record itself when it stands at the top.
    private static ImmutableArray<ObjectPattern> ReadAlternatives(JsonElement json, string path, string place, bool isRecord)
    {
        if (json.ValueKind is not JsonValueKind.Array || json.GetArrayLength() < 2)
            throw new InvalidPatternException($"needs a list of two objects or more in {path}.");
        var alternatives = ImmutableArray.CreateBuilder<ObjectPattern>();
        foreach (JsonElement item in json.EnumerateArray())
        {
            if (item.ValueKind is not JsonValueKind.Object)
                throw new InvalidPatternException($"has {item.GetRawText()} in {path}; each alternative is an object in braces.");
            ObjectPattern alternative = ReadObject(item, place, isRecord);
            if (alternative.Fields.IsEmpty && alternative.Alternatives.IsEmpty)
                throw new InvalidPatternException($"has an empty object in {path}; name a field and its values, or leave it out.");
            alternatives.Add(alternative);
        }
        return alternatives.ToImmutable();
    }
}
