using LambdaStreamRunner.Runner.Configuration;
using static LambdaStreamRunner.Runner.Tests.Configuration.ConfigurationText;

namespace LambdaStreamRunner.Runner.Tests.Configuration;

/// <summary>An ARN never reaches AWS by itself: a stream lives elsewhere only when its Endpoint says so.</summary>
public class RemoteStreamConfigurationTests
{
    [Theory]
    [InlineData("arn:aws:kinesis:eu-west-1:123456789012:stream/clicks", "aws")]
    [InlineData("clicks", "http://127.0.0.1:4567")]
    public void A_stream_may_live_at_AWS_or_at_an_address(string name, string endpoint)
    {
        RunnerConfiguration configuration = Valid($$"""{ "Streams": { "{{name}}": { "Endpoint": "{{endpoint}}" } } }""");

        Assert.Equal(("clicks", endpoint, true), (configuration.Streams[0].Name, configuration.Streams[0].Endpoint, configuration.Streams[0].IsRemote));
    }

    [Fact]
    public void A_full_ARN_alone_is_an_embedded_stream() =>
        Assert.False(Valid("""{ "Streams": { "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks": { } } }""").Streams[0].IsRemote);

    [Theory]
    [InlineData("\"ShardCount\": 2")]
    [InlineData("\"RetentionPeriodHours\": 48")]
    [InlineData("\"Limits\": \"Aws\"")]
    [InlineData("\"Faults\": {}")]
    public void What_a_new_stream_would_be_made_with_is_refused_by_name(string setting)
    {
        ConfigurationProblem error = OnlyError(WithStream($"\"Endpoint\": \"http://127.0.0.1:4567\", {setting}"));

        Assert.Equal($"Streams.clicks.{setting.Split('"')[1]}", error.Path);
        Assert.Contains("Leave it out", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Input_does_not_go_to_a_remote_stream()
    {
        ConfigurationProblem error = OnlyError("""{ "Streams": { "clicks": { "Endpoint": "http://127.0.0.1:4567" } }, "Input": [ { "File": "a.txt", "Stream": "clicks", "PartitionKey": "a" } ] }""");

        Assert.Equal("Input[0].Stream", error.Path);
    }
}
