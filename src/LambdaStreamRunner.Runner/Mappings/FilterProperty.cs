using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Mappings;

/// <summary>FilterCriteria as the API writes it: there only when it has a filter, each pattern character for character.</summary>
internal static class FilterProperty
{
    public static MappingProperty Make() => new("FilterCriteria", Write, Read);

    /// <summary>The patterns that a FilterCriteria holds; none for an empty one, which takes all filters away.</summary>
    public static string[] PatternsIn(JsonElement criteria) =>
        criteria.ValueKind is JsonValueKind.Object && criteria.TryGetProperty("Filters", out JsonElement filters) && filters.ValueKind is JsonValueKind.Array
            ? [.. filters.EnumerateArray().Select(PatternOf)]
            : [];

    private static JsonObject? Write(MappingConfiguration mapping)
    {
        FilterCriteria criteria = mapping.Settings.FilterCriteria;
        if (criteria.IsEmpty)
            return null;
        return new JsonObject { ["Filters"] = new JsonArray([.. criteria.Filters.Select(filter => new JsonObject { ["Pattern"] = filter.Text })]) };
    }

    private static MappingConfiguration Read(MappingConfiguration mapping, JsonElement criteria) =>
        mapping with { Settings = mapping.Settings with { FilterCriteria = FilterCriteria.Parse(PatternsIn(criteria)) } };

    // A filter without a pattern lets everything pass.
    private static string PatternOf(JsonElement filter) =>
        filter.ValueKind is JsonValueKind.Object && filter.TryGetProperty("Pattern", out JsonElement pattern) && pattern.GetString() is { } text ? text : "{}";
}
