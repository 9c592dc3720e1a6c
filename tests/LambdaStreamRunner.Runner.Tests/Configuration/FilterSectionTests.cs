using System.Text.Json;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Runner.Configuration;
using static LambdaStreamRunner.Runner.Tests.Configuration.ConfigurationText;

namespace LambdaStreamRunner.Runner.Tests.Configuration;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html</summary>
public class FilterSectionTests
{
    private const string Paid = """{ "data": {"status":["paid"]} }""";

    [Fact]
    public void Patterns_are_kept_character_for_character()
    {
        FilterCriteria criteria = Valid(WithFilters(Paid, "{}")).Mappings[0].Settings.FilterCriteria;

        Assert.Equal([Paid, "{}"], criteria.Filters.Select(filter => filter.Text));
    }

    [Fact]
    public void S_83_six_filters_are_refused()
    {
        Assert.Equal(5, Valid(WithFilters([.. Enumerable.Repeat(Paid, 5)])).Mappings[0].Settings.FilterCriteria.Filters.Length);

        ConfigurationProblem error = OnlyError(WithFilters([.. Enumerable.Repeat(Paid, 6)]));

        Assert.Equal("EventSourceMappings[0].FilterCriteria.Filters", error.Path);
        Assert.StartsWith("has 6 filters; AWS takes 5, and up to 10 where the account's quota was raised", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_raised_quota_takes_ten()
    {
        const string Raised = "\"Runner\": { \"FiltersMax\": 10 }, ";

        Assert.Equal(10, Valid(WithMapping(Raised + Filters([.. Enumerable.Repeat(Paid, 10)]))).Mappings[0].Settings.FilterCriteria.Filters.Length);
        Assert.StartsWith("has 11 filters; AWS takes 10.", OnlyError(WithMapping(Raised + Filters([.. Enumerable.Repeat(Paid, 11)]))).Text, StringComparison.Ordinal);
        Assert.EndsWith(".Runner.FiltersMax", OnlyError(WithMapping("\"Runner\": { \"FiltersMax\": 11 }")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_in_a_pattern_names_its_place_and_AWS_own_words()
    {
        ConfigurationProblem error = OnlyError(WithFilters(Paid, """{"data":{"status":"paid"}}"""));

        Assert.Equal("EventSourceMappings[0].FilterCriteria.Filters[1].Pattern", error.Path);
        Assert.Equal("has \"paid\" in data.status; write values in a list: [\"paid\"]. (AWS: Invalid filter pattern definition.)", error.Text);
    }

    [Theory]
    [InlineData("\"FilterCriteria\": { \"Filters\": [ { \"Pattern\": { \"data\": { \"a\": [1] } } } ] }", "FilterCriteria.Filters[0].Pattern")]
    [InlineData("\"FilterCriteria\": { \"Filters\": [ \"{}\" ] }", "FilterCriteria.Filters[0]")]
    [InlineData("\"FilterCriteria\": { \"Filters\": {} }", "FilterCriteria.Filters")]
    [InlineData("\"FilterCriteria\": { \"Filter\": [] }", "FilterCriteria.Filter")]
    [InlineData("\"FilterCriteria\": []", "FilterCriteria")]
    public void The_form_is_AWS_s(string settings, string path) => Assert.Equal($"EventSourceMappings[0].{path}", OnlyError(WithMapping(settings)).Path);

    [Theory]
    [InlineData("""{"kinesis":{"data":{"a":[1]}}}""", "can never match: filters see a record without kinesis around it.")]
    [InlineData("""{"data":{"n":[{"numeric":[">",5,"<",3]}]}}""", "can never match: no number lies in the range of data.n.")]
    [InlineData("""{"partitionKey":["order-17"]}""", "names partitionKey; AWS's pages promise filters on data only.")]
    public void A_filter_that_AWS_takes_and_that_is_odd_is_a_warning(string pattern, string warning)
    {
        ConfigurationResult result = Read(WithFilters(pattern));

        Assert.Empty(result.Errors);
        ConfigurationProblem only = Assert.Single(result.Warnings);
        Assert.Equal("EventSourceMappings[0].FilterCriteria.Filters[0].Pattern", only.Path);
        Assert.StartsWith(warning, only.Text, StringComparison.Ordinal);
    }

    private static string WithFilters(params string[] patterns) => WithMapping(Filters(patterns));

    private static string Filters(params string[] patterns) =>
        $"\"FilterCriteria\": {{ \"Filters\": [ {string.Join(", ", patterns.Select(pattern => $"{{ \"Pattern\": {JsonSerializer.Serialize(pattern)} }}"))} ] }}";
}
