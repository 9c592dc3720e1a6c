using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace LambdaStreamRunner.Core.Mappings.Filtering.Patterns;

/// <summary>Reads the list of a field: values, and operators as objects of one member.</summary>
internal static class ValueTestReader
{
    private const string Known = "prefix, suffix, equals-ignore-case, anything-but, numeric and exists";

    public static ImmutableArray<ValueTest> Read(JsonElement list, string path)
    {
        if (list.GetArrayLength() == 0)
            throw new InvalidPatternException($"has an empty list in {path}; write a value or an operator.");
        var tests = ImmutableArray.CreateBuilder<ValueTest>();
        foreach (JsonElement item in list.EnumerateArray())
            tests.Add(ReadItem(item, $"{path}[{tests.Count}]"));
        return tests.ToImmutable();
    }

    private static ValueTest ReadItem(JsonElement item, string path) => item.ValueKind switch
    {
        JsonValueKind.Object => ReadOperator(item, path),
        JsonValueKind.Array => throw new InvalidPatternException($"has a list in the list at {path}; write its values one by one."),
        JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null => new ValueTest.EqualWord(RawOf(item)),
        _ => ReadTextOrNumber(item, path),
    };

    private static ValueTest ReadTextOrNumber(JsonElement item, string path) => item.ValueKind is JsonValueKind.Number
        ? new ValueTest.EqualNumber(RawOf(item))
        : new ValueTest.EqualText(PatternText.Utf8Of(item, path));

    private static ValueTest ReadOperator(JsonElement item, string path)
    {
        JsonProperty[] members = [.. item.EnumerateObject()];
        if (members.Length != 1)
            throw new InvalidPatternException($"has {members.Length} operators in one object at {path}; write each in an object of its own.");
        string name = PatternText.Of(members[0], path);
        JsonElement value = members[0].Value;
        return name switch
        {
            "prefix" => new ValueTest.Prefix(TextOf(value, name, path)),
            "suffix" => new ValueTest.Suffix(TextOf(value, name, path)),
            "equals-ignore-case" => new ValueTest.EqualIgnoringCase(TextOf(value, name, path)),
            "anything-but" => ReadAnythingBut(value, path),
            "numeric" => new ValueTest.Numeric(NumericRangeReader.Read(value, path)),
            "exists" => ReadExists(value, path),
            "wildcard" or "cidr" or "exactly" => throw new InvalidPatternException(
                $"has \"{name}\" at {path}, which EventBridge knows and event source mappings do not; they know {Known}."),
            _ => throw new InvalidPatternException($"has \"{name}\" at {path}, which is no operator; there are {Known}."),
        };
    }

    private static byte[] TextOf(JsonElement value, string name, string path) => value.ValueKind is JsonValueKind.String
        ? PatternText.Utf8Of(value, path)
        : throw new InvalidPatternException($"has {value.GetRawText()} for {name} at {path}; write a text.");

    private static ValueTest ReadExists(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.True => new ValueTest.Exists(),
        JsonValueKind.False => new ValueTest.DoesNotExist(),
        _ => throw new InvalidPatternException($"has {value.GetRawText()} for exists at {path}; write true or false."),
    };

    private static ValueTest.AnythingBut ReadAnythingBut(JsonElement value, string path)
    {
        JsonElement[] excluded = value.ValueKind is JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        bool isRight = excluded.Length > 0
            && excluded[0].ValueKind is JsonValueKind.String or JsonValueKind.Number
            && Array.TrueForAll(excluded, one => one.ValueKind == excluded[0].ValueKind);
        if (!isRight)
            throw new InvalidPatternException($"has {value.GetRawText()} for anything-but at {path}; write a text, a number, a list of texts or a list of numbers.");
        return new ValueTest.AnythingBut([.. excluded.Select(one => ReadTextOrNumber(one, path))]);
    }

    private static byte[] RawOf(JsonElement value) => Encoding.UTF8.GetBytes(value.GetRawText());
}
