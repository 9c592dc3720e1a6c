using System.Text.Json;

namespace LambdaStreamRunner.Core.Mappings.Filtering.Patterns;

/// <summary>Reads the list of <c>numeric</c>: <c>"="</c> and a number, or a lower bound, an upper bound, or both in this order.</summary>
internal static class NumericRangeReader
{
    public static NumericRange Read(JsonElement value, string path)
    {
        JsonElement[] terms = value.ValueKind is JsonValueKind.Array ? [.. value.EnumerateArray()] : [];
        NumericRange? range = terms.Length switch
        {
            2 => Bound(NumericRange.All, terms[0], terms[1]),
            4 when IsLower(terms[0]) && IsUpper(terms[2]) && Bound(NumericRange.All, terms[0], terms[1]) is { } lower => Bound(lower, terms[2], terms[3]),
            _ => null,
        };
        return range ?? throw new InvalidPatternException(
            $"has {value.GetRawText()} for numeric at {path}; write [\"=\",n], [\">\",n], [\">=\",n], [\"<\",n], [\"<=\",n], or a lower bound followed by an upper one.");
    }

    private static NumericRange? Bound(NumericRange range, JsonElement comparison, JsonElement bound)
    {
        if (comparison.ValueKind is not JsonValueKind.String || bound.ValueKind is not JsonValueKind.Number)
            return null;
        double number = bound.GetDouble();
        if (comparison.ValueEquals("="))
            return new NumericRange(number, true, number, true);
        if (IsLower(comparison))
            return range with { Lower = number, IncludesLower = comparison.ValueEquals(">=") };
        return IsUpper(comparison) ? range with { Upper = number, IncludesUpper = comparison.ValueEquals("<=") } : null;
    }

    private static bool IsLower(JsonElement comparison) => IsOneOf(comparison, ">", ">=");

    private static bool IsUpper(JsonElement comparison) => IsOneOf(comparison, "<", "<=");

    private static bool IsOneOf(JsonElement comparison, string one, string other) =>
        comparison.ValueKind is JsonValueKind.String && (comparison.ValueEquals(one) || comparison.ValueEquals(other));
}
