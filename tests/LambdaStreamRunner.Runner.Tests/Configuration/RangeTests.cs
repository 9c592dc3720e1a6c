using LambdaStreamRunner.Runner.Configuration;
using static LambdaStreamRunner.Runner.Tests.Configuration.ConfigurationText;

namespace LambdaStreamRunner.Runner.Tests.Configuration;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html</summary>
public class RangeTests
{
    [Theory]
    [InlineData("BatchSize", 0, "1 to 10000")]
    [InlineData("BatchSize", 10_001, "1 to 10000")]
    [InlineData("MaximumBatchingWindowInSeconds", -1, "0 to 300")]
    [InlineData("MaximumBatchingWindowInSeconds", 301, "0 to 300")]
    [InlineData("ParallelizationFactor", 0, "1 to 10")]
    [InlineData("ParallelizationFactor", 11, "1 to 10")]
    [InlineData("MaximumRetryAttempts", -2, "-1 to 10000")]
    [InlineData("MaximumRetryAttempts", 10_001, "-1 to 10000")]
    [InlineData("MaximumRecordAgeInSeconds", -2, "60 to 604800")]
    [InlineData("MaximumRecordAgeInSeconds", 0, "60 to 604800")]
    [InlineData("MaximumRecordAgeInSeconds", 59, "60 to 604800")]
    [InlineData("MaximumRecordAgeInSeconds", 604_801, "60 to 604800")]
    [InlineData("BatchSize", 99_999_999_999, "1 to 10000")]
    public void A_number_outside_of_AWS_range_is_refused_with_the_range(string name, long number, string range)
    {
        ConfigurationProblem error = OnlyError(WithMapping($"\"{name}\": {number}"));

        Assert.Equal($"EventSourceMappings[0].{name}", error.Path);
        Assert.StartsWith($"is {number}; AWS takes", error.Text, StringComparison.Ordinal);
        Assert.Contains(range, error.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Timeout", 0, "1 to 900")]
    [InlineData("Timeout", 901, "1 to 900")]
    [InlineData("MemorySize", 127, "128 to 10240")]
    [InlineData("MemorySize", 10_241, "128 to 10240")]
    public void So_is_a_function_s(string name, int number, string range) =>
        Assert.Contains(range, OnlyError(WithFunction($"\"{name}\": {number}")).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(100_001)]
    public void So_is_a_stream_s(int shards) =>
        Assert.Contains("1 to 100000", OnlyError(WithStream($"\"ShardCount\": {shards}")).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"BatchSize\": \"100\"", "without quotes")]
    [InlineData("\"BatchSize\": 1.5", "whole number")]
    [InlineData("\"BatchSize\": null", "whole number")]
    [InlineData("\"Enabled\": \"true\"", "true or false")]
    [InlineData("\"DestinationConfig\": \"file:x\"", "object in braces")]
    [InlineData("\"FunctionResponseTypes\": \"ReportBatchItemFailures\"", "list in brackets")]
    [InlineData("\"FunctionResponseTypes\": [\"ReportItems\"]", "ReportBatchItemFailures")]
    [InlineData("\"FunctionResponseTypes\": [\"ReportBatchItemFailures\", \"ReportBatchItemFailures\"]", "0 or 1")]
    [InlineData("\"Runner\": { \"Polling\": \"awss\" }", "Did you mean 'aws'?")]
    [InlineData("\"Runner\": { \"LanePolicy\": \"Sorted\" }", "HashLanes or DynamicKeys")]
    public void A_value_of_the_wrong_kind_is_refused_with_the_right_one(string setting, string advice) =>
        Assert.Contains(advice, OnlyError(WithMapping(setting)).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"NEWEST\"", "", "TRIM_HORIZON, LATEST or AT_TIMESTAMP")]
    [InlineData("\"TRIM_HORIZONT\"", "", "Did you mean 'TRIM_HORIZON'?")]
    [InlineData("\"AT_TIMESTAMP\"", "", "is missing; AT_TIMESTAMP needs it")]
    [InlineData("\"LATEST\"", "\"StartingPositionTimestamp\": 1", "only valid with StartingPosition AT_TIMESTAMP")]
    [InlineData("\"AT_TIMESTAMP\"", "\"StartingPositionTimestamp\": 1789808931", "in the future")]
    [InlineData("\"AT_TIMESTAMP\"", "\"StartingPositionTimestamp\": -1", "seconds since 1970")]
    [InlineData("\"AT_TIMESTAMP\"", "\"StartingPositionTimestamp\": 1e300", "seconds since 1970")]
    [InlineData("\"AT_TIMESTAMP\"", "\"StartingPositionTimestamp\": \"2026-09-19T09:08:50\"", "with its zone")]
    [InlineData("\"AT_TIMESTAMP\"", "\"StartingPositionTimestamp\": \"yesterday\"", "with its zone")]
    public void A_starting_position_and_its_timestamp_belong_together(string position, string extra, string advice) =>
        Assert.Contains(advice, OnlyError(WithMapping(extra, position)).Text, StringComparison.Ordinal);

    [Fact]
    public void A_window_not_shorter_than_the_record_age_is_a_warning_since_AWS_takes_it()
    {
        ConfigurationResult result = Read(WithMapping("\"MaximumBatchingWindowInSeconds\": 60, \"MaximumRecordAgeInSeconds\": 60"));

        Assert.True(result.IsValid);
        Assert.Equal("EventSourceMappings[0].MaximumBatchingWindowInSeconds", Assert.Single(result.Warnings).Path);
    }

    [Fact]
    public void A_memory_size_is_a_warning_since_nothing_enforces_it()
    {
        ConfigurationResult result = Read(WithFunction("\"MemorySize\": 256"));

        Assert.True(result.IsValid);
        Assert.Contains("not enforced", Assert.Single(result.Warnings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_version_of_the_runtime_is_a_warning_since_the_function_shares_ours()
    {
        Assert.Contains("runs dotnet", Assert.Single(Read(WithFunction("\"Runtime\": \"dotnet6\"")).Warnings).Text, StringComparison.Ordinal);
        Assert.Empty(Read(WithFunction($"\"Runtime\": \"dotnet{Environment.Version.Major}\"")).Warnings);
    }
}
