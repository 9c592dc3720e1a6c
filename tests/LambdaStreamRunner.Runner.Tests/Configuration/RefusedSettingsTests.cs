using LambdaStreamRunner.Runner.Configuration;
using static LambdaStreamRunner.Runner.Tests.Configuration.ConfigurationText;

namespace LambdaStreamRunner.Runner.Tests.Configuration;

/// <summary>A setting is obeyed, or refused by name with what to do instead; never accepted and ignored.</summary>
public class RefusedSettingsTests
{
    [Theory]
    [InlineData("KMSKeyArn", "\"arn:aws:kms:us-east-1:000000000000:key/k\"")]
    [InlineData("Tags", "{}")]
    [InlineData("ScalingConfig", "{}")]
    [InlineData("Topics", "[]")]
    public void A_mapping_s_setting_that_would_not_be_obeyed_is_refused(string name, string value)
    {
        ConfigurationProblem error = OnlyError(WithMapping($"\"{name}\": {value}"));

        Assert.Equal($"EventSourceMappings[0].{name}", error.Path);
        Assert.Matches("Leave it out|Remove it", error.Text);
    }

    [Theory]
    [InlineData("Layers", "[\"layer\"]")]
    [InlineData("Role", "\"arn:aws:iam::000000000000:role/r\"")]
    [InlineData("EphemeralStorage", "{ \"Size\": 512 }")]
    [InlineData("Hosting", "\"Docker\"")]
    [InlineData("Runtime", "\"java21\"")]
    [InlineData("Endpoint", "\"aws\"")]
    [InlineData("CodeUri", "\"s3://bucket/code.zip\"")]
    [InlineData("Handler", "\"index.handler\"")]
    public void A_function_s_setting_that_would_not_be_obeyed_is_refused(string name, string value)
    {
        string others = string.Join(", ", Function.Split(',').Where(setting => !setting.Contains($"\"{name}\"", StringComparison.Ordinal)));
        ConfigurationProblem error = OnlyError($$"""{ "Functions": { "AccessLog": { {{others}}, "{{name}}": {{value}} } } }""");

        Assert.Equal($"Functions.AccessLog.{name}", error.Path);
    }

    [Theory]
    [InlineData("Endpoint", "\"aws\"")]
    [InlineData("Endpoint", "\"localhost:4567\"")]
    [InlineData("Limits", "\"Some\"")]
    [InlineData("RetentionPeriodHours", "23")]
    [InlineData("RetentionPeriodHours", "8761")]
    [InlineData("MaxRecordSizeInKiB", "99999999999")]
    [InlineData("WarmThroughputMiBps", "5")]
    [InlineData("Tags", "{}")]
    [InlineData("Tags", "[ { \"Key\": \"100 %\", \"Value\": \"\" } ]")]
    [InlineData("DesiredShardLevelMetrics", "[ \"IncomingRecord\" ]")]
    public void A_stream_s_setting_that_would_not_be_obeyed_is_refused(string name, string value) =>
        Assert.Equal($"Streams.clicks.{name}", OnlyError(WithStream($"\"{name}\": {value}")).Path);

    [Theory]
    [InlineData("DataDirectory", "\"\"")]
    [InlineData("MemoryLimitMiB", "0")]
    [InlineData("MemoryLimitMiB", "1048577")]
    public void A_top_level_setting_that_would_not_be_obeyed_is_refused(string name, string value) =>
        Assert.Equal(name, OnlyError($$"""{ "{{name}}": {{value}} }""").Path);

    [Fact]
    public void OnSuccess_is_refused_in_AWS_words() =>
        Assert.Contains(
            "Unsupported DestinationConfig parameter for given event source mapping type",
            OnlyError(WithMapping("\"DestinationConfig\": { \"OnSuccess\": { \"Destination\": \"x\" } }")).Text,
            StringComparison.Ordinal);
}
