using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LambdaStreamRunner.Core.Tests.Mappings.Filtering;

/// <summary>The same rules over whole JSON trees: slow, and easy to believe. Data and pattern are right.</summary>
internal static class SlowMatcher
{
    public static bool Matches(string data, string pattern)
    {
        using var record = JsonDocument.Parse(data);
        using var wanted = JsonDocument.Parse(pattern);
        return ObjectMatches(record.RootElement, wanted.RootElement);
    }

    private static bool ObjectMatches(JsonElement found, JsonElement pattern) => pattern.EnumerateObject()
        .GroupBy(member => member.Name)
        .Select(same => same.Last())
        .All(member => member.Name == "$or"
            ? member.Value.EnumerateArray().Any(alternative => ObjectMatches(found, alternative))
            : FieldMatches(found, member.Name, member.Value));

    private static bool FieldMatches(JsonElement found, string name, JsonElement pattern)
    {
        JsonElement[] values = found.ValueKind is JsonValueKind.Object && found.TryGetProperty(name, out JsonElement value) ? [.. Flat(value)] : [];
        if (pattern.ValueKind is JsonValueKind.Array)
        {
            JsonElement[] scalars = [.. values.Where(item => item.ValueKind is not JsonValueKind.Object)];
            return scalars.Length == 0 ? AcceptsAbsence(pattern) : scalars.Any(item => pattern.EnumerateArray().Any(test => Passes(item, test)));
        }
        JsonElement[] objects = [.. values.Where(item => item.ValueKind is JsonValueKind.Object)];
        return objects.Length == 0 ? AcceptsAbsence(pattern) : objects.Any(item => ObjectMatches(item, pattern));
    }

    private static IEnumerable<JsonElement> Flat(JsonElement value) =>
        value.ValueKind is JsonValueKind.Array ? value.EnumerateArray().SelectMany(Flat) : [value];

    private static bool AcceptsAbsence(JsonElement pattern)
    {
        if (pattern.ValueKind is JsonValueKind.Array)
            return pattern.EnumerateArray().Any(test => test.ValueKind is JsonValueKind.Object && test.TryGetProperty("exists", out JsonElement exists) && !exists.GetBoolean());
        return pattern.EnumerateObject().GroupBy(member => member.Name).Select(same => same.Last())
            .All(member => member.Name == "$or" ? member.Value.EnumerateArray().Any(AcceptsAbsence) : AcceptsAbsence(member.Value));
    }

    private static bool Passes(JsonElement value, JsonElement test) => test.ValueKind is JsonValueKind.Object
        ? PassesOperator(value, test.EnumerateObject().Single().Name, test.EnumerateObject().Single().Value)
        : IsEqual(value, test);

    private static bool PassesOperator(JsonElement value, string name, JsonElement operand) => name switch
    {
        "exists" => operand.GetBoolean(),
        "anything-but" => !Flat(operand).Any(excluded => IsEqual(value, excluded)),
        "numeric" => value.ValueKind is JsonValueKind.Number && IsInRange(value, [.. operand.EnumerateArray()]),
        _ when value.ValueKind is not JsonValueKind.String => false,
        "prefix" => value.GetString()!.StartsWith(operand.GetString()!, StringComparison.Ordinal),
        "suffix" => value.GetString()!.EndsWith(operand.GetString()!, StringComparison.Ordinal),
        _ => value.GetString()!.Equals(operand.GetString(), StringComparison.OrdinalIgnoreCase),
    };

    private static bool IsInRange(JsonElement value, JsonElement[] terms) => terms.Length == 0 || (IsInRange(value, terms[2..])
        && Compares(double.Parse(value.GetRawText(), CultureInfo.InvariantCulture).CompareTo(terms[1].GetDouble()), terms[0].GetString()!));

    private static bool Compares(int order, string comparison) => comparison switch
    {
        "=" => order == 0,
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        _ => order >= 0,
    };

    private static bool IsEqual(JsonElement one, JsonElement other) => one.ValueKind == other.ValueKind && one.ValueKind switch
    {
        JsonValueKind.String => one.GetString() == other.GetString(),
        JsonValueKind.Number => one.GetRawText() == other.GetRawText(),
        _ => true,
    };
}
