using LambdaStreamRunner.Runner.Configuration;
using static LambdaStreamRunner.Runner.Tests.Configuration.ConfigurationText;

namespace LambdaStreamRunner.Runner.Tests.Configuration;

public class NamesTests
{
    [Theory]
    [InlineData("BatchSizes", "BatchSize")]
    [InlineData("batchSize", "BatchSize")]
    [InlineData("ParalelizationFactor", "ParallelizationFactor")]
    [InlineData("MaximumBatchingWindow", "MaximumBatchingWindowInSeconds")]
    [InlineData("MaximumRecordAge", "MaximumRecordAgeInSeconds")]
    public void An_unknown_name_is_refused_with_the_nearest_known_one(string written, string known)
    {
        ConfigurationProblem error = OnlyError(WithMapping($"\"{written}\": 1"));

        Assert.Equal($"EventSourceMappings[0].{written}", error.Path);
        Assert.EndsWith($"Did you mean '{known}'?", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_near_to_nothing_is_refused_with_all_known_ones() =>
        Assert.Contains("It knows LanePolicy, Polling, TumblingWindowGraceInSeconds, FiltersMax.", OnlyError(WithMapping("\"Runner\": { \"Speed\": 2 }")).Text, StringComparison.Ordinal);

    [Fact]
    public void A_name_that_is_there_twice_is_refused_and_says_where_the_first_one_is()
    {
        ConfigurationProblem error = OnlyError(WithMapping("\"BatchSize\": 1,\n\n\"BatchSize\": 2"));

        Assert.Contains("is there twice, first in line", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void So_is_a_stream_that_is_there_twice() =>
        Assert.Contains("is there twice, first in line 2", OnlyError("{ \"Streams\": {\n\"a\": {},\n\"a\": {} } }").Text, StringComparison.Ordinal);

    [Fact]
    public void Two_streams_with_one_name_are_refused_since_the_endpoint_could_not_tell_them_apart() =>
        Assert.Contains(
            "tells streams apart by name",
            OnlyError("""{ "Streams": { "a": {}, "arn:aws:kinesis:eu-west-1:123456789012:stream/a": {} } }""").Text,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("with space")]
    [InlineData("")]
    [InlineData("arn:aws:sqs:us-east-1:000000000000:queue")]
    public void A_stream_s_name_has_the_letters_that_Kinesis_takes(string name) =>
        Assert.Contains("1 to 128", OnlyError($$"""{ "Streams": { "{{name}}": {} } }""").Text, StringComparison.Ordinal);

    [Fact]
    public void A_function_s_name_has_the_letters_that_Lambda_takes() =>
        Assert.Contains("1 to 64", OnlyError($$"""{ "Functions": { "a.b": { {{Function}} } } }""").Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("Region", "Frankfurt")]
    [InlineData("AccountId", "1234")]
    public void A_region_and_an_account_look_like_AWS_own(string name, string value) =>
        Assert.Equal(name, OnlyError($$"""{ "{{name}}": "{{value}}" }""").Path);

    [Theory]
    [InlineData("A")]
    [InlineData("1A")]
    [InlineData("A-B")]
    public void A_variable_s_name_has_the_letters_that_Lambda_takes(string name) =>
        Assert.Contains("variable's name", OnlyError(WithFunction($$"""  "Environment": { "Variables": { "{{name}}": "x" } } """)).Text, StringComparison.Ordinal);

    [Fact]
    public void A_variable_s_value_is_a_text() =>
        Assert.Contains("text in quotes", OnlyError(WithFunction("\"Environment\": { \"Variables\": { \"PORT\": 80 } }")).Text, StringComparison.Ordinal);
}
