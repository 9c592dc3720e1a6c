using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Tests.Configuration;

/// <summary>config/runner.json is what a new user runs first.</summary>
public class SampleConfigurationTests
{
    [Fact]
    public void The_sample_is_right_and_warns_of_nothing()
    {
        ConfigurationResult result = Sample();

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void The_sample_maps_clicks_and_orders_as_the_README_says()
    {
        RunnerConfiguration sample = Sample().Configuration!;

        Assert.Equal(["clicks → AccessLog", "orders → OrderTracker"], sample.Mappings.Select(mapping => mapping.Name));
        EventSourceMapping clicks = sample.Mappings[0].Settings;
        Assert.Equal((100, 4, 1, true), (clicks.BatchSize, clicks.ParallelizationFactor, clicks.MaximumRetryAttempts, clicks.BisectBatchOnFunctionError));
        Assert.Equal(TimeSpan.FromSeconds(1), clicks.MaximumBatchingWindow);
        Assert.EndsWith(Path.Combine("config", "failed", "clicks.jsonl"), Assert.IsType<OnFailureDestination.File>(sample.Mappings[0].OnFailure).Path, StringComparison.Ordinal);
        Assert.True(sample.Mappings[1].Settings.ReportsBatchItemFailures);
    }

    [Fact]
    public void The_keys_of_the_sample_input_are_clients_and_orders()
    {
        RunnerConfiguration sample = Sample().Configuration!;

        Assert.Equal("203.0.113.7", sample.Input[0].PartitionKey.Of("203.0.113.7 - - [19/Sep/2026:09:08:50 +0000]"u8).Value);
        Assert.Equal("A-17", sample.Input[1].PartitionKey.Of("""{"orderId":"A-17","step":"paid"}"""u8).Value);
    }

    private static ConfigurationResult Sample() => ConfigurationFile.Parse(
        File.ReadAllBytes(RepositoryFile.Path("config/runner.json")),
        Path.GetDirectoryName(RepositoryFile.Path("config/runner.json"))!,
        ConfigurationOverrides.None,
        ConfigurationText.Now);
}
