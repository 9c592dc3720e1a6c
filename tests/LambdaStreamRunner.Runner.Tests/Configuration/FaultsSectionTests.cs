using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.StreamServer.Faults;
using static LambdaStreamRunner.Runner.Tests.Configuration.ConfigurationText;

namespace LambdaStreamRunner.Runner.Tests.Configuration;

/// <summary>What has no name in AWS: faults on request, and how long states last.</summary>
public class FaultsSectionTests
{
    [Fact]
    public void Every_fault_reaches_the_model() => Assert.Equal(
        new StreamFaults
        {
            ThrottleRate = 0.25,
            ErrorRate = 0.01,
            ExpiredIteratorRate = 0.74,
            LatencyMin = TimeSpan.FromMilliseconds(20),
            LatencyMax = TimeSpan.FromMilliseconds(200.5),
            Seed = 7,
        },
        FaultsOf("""  "ThrottleRate": 0.25, "ErrorRate": 1e-2, "ExpiredIteratorRate": 0.74, "LatencyMs": [20, 200.5], "Seed": 7 """));

    [Fact]
    public void A_latency_can_be_one_number() =>
        Assert.Equal(new StreamFaults { LatencyMin = TimeSpan.FromMinutes(1), LatencyMax = TimeSpan.FromMinutes(1) }, FaultsOf("\"LatencyMs\": 60000"));

    [Fact]
    public void Without_the_section_there_are_none() => Assert.Null(Valid(WithStream("")).Streams[0].Faults);

    [Theory]
    [InlineData("\"ThrottleRate\": 1.01", "ThrottleRate is 1.01; it can be 0 to 1.")]
    [InlineData("\"ErrorRate\": -0.1", "ErrorRate is -0.1; it can be 0 to 1.")]
    [InlineData("\"ExpiredIteratorRate\": \"often\"", "ExpiredIteratorRate is \"often\"; write a number, without quotes.")]
    [InlineData("\"ThrottleRate\": 0.5, \"ErrorRate\": 0.4, \"ExpiredIteratorRate\": 0.2", "ThrottleRate makes more than 1 with ErrorRate and ExpiredIteratorRate")]
    [InlineData("\"LatencyMs\": 60001", "LatencyMs is wrong; write milliseconds from 0 to 60000 as 50")]
    [InlineData("\"LatencyMs\": -1", "LatencyMs is wrong")]
    [InlineData("\"LatencyMs\": [200, 20]", "LatencyMs is wrong")]
    [InlineData("\"LatencyMs\": [1, 2, 3]", "LatencyMs is wrong")]
    [InlineData("\"LatencyMs\": [\"a\", 2]", "LatencyMs is wrong")]
    [InlineData("\"Seed\": -1", "Seed is -1; it can be 0 to 2147483647.")]
    [InlineData("\"ThrottelRate\": 0.1", "Did you mean 'ThrottleRate'?")]
    public void A_fault_that_cannot_be_is_refused(string fault, string complaint)
    {
        ConfigurationProblem error = OnlyError(WithStream($"\"Faults\": {{ {fault} }}"));

        Assert.StartsWith("Streams.clicks.Faults.", error.Path, StringComparison.Ordinal);
        Assert.Contains(complaint, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_delay_reaches_the_model() => Assert.Equal(
        new LifecycleDelays
        {
            Creating = TimeSpan.FromSeconds(0.5),
            Updating = TimeSpan.FromSeconds(30),
            Deleting = TimeSpan.FromSeconds(3600),
            ConsumerCreating = TimeSpan.FromSeconds(1),
        },
        Valid("""
            { "LifecycleDelays": { "CreatingInSeconds": 0.5, "UpdatingInSeconds": 30, "DeletingInSeconds": 3600, "ConsumerCreatingInSeconds": 1 } }
            """).LifecycleDelays);

    [Theory]
    [InlineData("\"CreatingInSeconds\": 3601", "is 3601; it can be 0 to 3600.")]
    [InlineData("\"DeletingInSeconds\": -1", "is -1; it can be 0 to 3600.")]
    [InlineData("\"Creating\": 1", "is not a setting of LifecycleDelays. Did you mean 'CreatingInSeconds'?")]
    public void A_delay_that_cannot_be_is_refused(string delay, string complaint) =>
        Assert.Contains(complaint, OnlyError($$"""{ "LifecycleDelays": { {{delay}} } }""").Text, StringComparison.Ordinal);

    private static StreamFaults? FaultsOf(string faults) => Valid(WithStream($"\"Faults\": {{ {faults} }}")).Streams[0].Faults;
}
