using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads a mapping's <c>FilterCriteria</c>.</summary>
internal static class FilterSection
{
    public static readonly SectionNames Names = new("FilterCriteria", ["Filters"], []);

    public static readonly SectionNames FilterNames = new("a filter", ["Pattern"], []);

    /// <summary>The filters that are right; what is odd about them is a warning.</summary>
    /// <param name="at">FilterCriteria, or null when the mapping has none.</param>
    /// <param name="filtersMax">The account's quota.</param>
    /// <param name="problems">Receives mistakes and warnings.</param>
    public static FilterCriteria Read(JsonValue.Object? at, int filtersMax, Problems problems)
    {
        if (at is null || new Section(at, Names, problems).List("Filters") is not JsonValue.Array list)
            return FilterCriteria.None;
        if (list.Items.Length > filtersMax)
            problems.Error(list, $"has {list.Items.Length} filters; AWS takes {filtersMax}{HowToRaise(filtersMax)}. Join some of them: the values of a field are alternatives, and $or joins fields.");
        var filters = ImmutableArray.CreateBuilder<FilterPattern>();
        foreach (Section filter in list.Sections(FilterNames, problems))
        {
            if (PatternOf(filter, problems) is { } pattern)
                filters.Add(pattern);
        }
        return new FilterCriteria(filters.ToImmutable());
    }

    private static FilterPattern? PatternOf(Section filter, Problems problems)
    {
        const string Name = "Pattern";
        if (filter.Find(Name) is null)
            filter.Missing(Name, "write a JSON text as \"{\\\"data\\\":{\\\"field\\\":[\\\"value\\\"]}}\".");
        if (filter.Text(Name) is not string text)
            return null;
        if (!FilterPattern.TryParse(text, out FilterPattern? pattern, out string? reason))
        {
            problems.Error(filter.Find(Name)!, $"{reason} (AWS: {FilterPattern.InvalidDefinition})");
            return null;
        }
        foreach (string remark in pattern.Remarks)
            problems.Warning(filter.Find(Name)!, remark);
        return pattern;
    }

    private static string HowToRaise(int filtersMax) => filtersMax == FilterCriteria.FiltersQuotaMax
        ? ""
        : $", and up to {FilterCriteria.FiltersQuotaMax} where the account's quota was raised (\"Runner\": {{ \"FiltersMax\": {FilterCriteria.FiltersQuotaMax} }})";
}
