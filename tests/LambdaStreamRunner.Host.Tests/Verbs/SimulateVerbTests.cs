using System.Text.Json;

namespace LambdaStreamRunner.Host.Tests.Verbs;

public sealed class SimulateVerbTests : IDisposable
{
    private static readonly string[] Made = ["simulate", "--rate", "50", "--duration", "60s", "--keys", "20", "--handler-model", "20ms + 1ms/record"];

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Everything_about_a_setting_is_one_JSON_document()
    {
        JsonElement document = await SimulateAsync(0, "--set", "BatchSize=40", "ParallelizationFactor=2");

        Assert.Equal((40, 2), (document.GetProperty("setting").GetProperty("BatchSize").GetInt32(), document.GetProperty("setting").GetProperty("ParallelizationFactor").GetInt32()));
        JsonElement figures = document.GetProperty("figures");
        Assert.Equal(figures.GetProperty("records").GetInt64(), figures.GetProperty("succeeded").GetInt64());
        Assert.InRange(document.GetProperty("costPerMillion").GetProperty("total").GetDouble(), 0.001, 100);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_document()
    {
        JsonElement one = await SimulateAsync(0, "--seed", "7");
        JsonElement other = await SimulateAsync(0, "--seed", "7");
        JsonElement another = await SimulateAsync(0, "--seed", "8");

        Assert.Equal(one.GetRawText(), other.GetRawText());
        Assert.NotEqual(one.GetRawText(), another.GetRawText());
    }

    [Fact]
    public async Task A_record_that_always_fails_is_discarded_and_the_exit_code_is_1()
    {
        JsonElement document = await SimulateAsync(1, "--poison-rate", "0.005", "--set", "BisectBatchOnFunctionError=true", "MaximumRetryAttempts=1");

        JsonElement figures = document.GetProperty("figures");
        Assert.InRange(figures.GetProperty("discarded").GetInt64(), 1, 60);
        Assert.Equal(0, figures.GetProperty("innocentCasualties").GetInt64());
    }

    [Fact]
    public async Task Reshards_change_the_number_of_lanes()
    {
        JsonElement document = await SimulateAsync(0, "--reshard", "20s=3");

        Assert.Equal(4, document.GetProperty("figures").GetProperty("lanes").GetArrayLength());
    }

    [Fact]
    public async Task A_setting_that_does_not_keep_up_says_so_and_ends_with_1()
    {
        (int exitCode, string output, _) = await LambdaStream.RunAsync(_workspace,
            ["simulate", "--rate", "100", "--duration", "60s", "--keys", "20", "--handler-model", "1s", "--set", "BatchSize=1"]);

        Assert.Equal(1, exitCode);
        Assert.Contains("Not stable", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_settings_of_a_mapping_are_taken_from_the_configuration()
    {
        _workspace.Configure("Nothing", new() { ["BatchSize"] = 17, ["ParallelizationFactor"] = 3 });

        JsonElement document = await SimulateAsync(0, "--config", "runner.json", "--mapping", "Clicks", "--set", "ParallelizationFactor=5");

        Assert.Equal((17, 5), (document.GetProperty("setting").GetProperty("BatchSize").GetInt32(), document.GetProperty("setting").GetProperty("ParallelizationFactor").GetInt32()));
    }

    [Theory]
    [InlineData("--set", "BatchSize=0", "it takes whole numbers from 1 to 10,000")]
    [InlineData("--set", "BachSize=10", "the nearest is BatchSize")]
    [InlineData("--set", "BatchSize", "such as BatchSize=500")]
    [InlineData("--reshard", "soon=4", "such as 10m=4")]
    [InlineData("--reshard", "10s=0", "from 1 to 1000")]
    [InlineData("--warm-up", "long", "--warm-up is 'long'")]
    [InlineData("--retention", "1h", "24h to 365d")]
    [InlineData("--timing", "foo", "--timing is 'foo'; it takes aws or ideal.")]
    [InlineData("--lane-policy", "foo", "--lane-policy is 'foo'; it takes HashLanes or DynamicKeys.")]
    [InlineData("--config", "runner.json", "--config does nothing without --function")]
    [InlineData("--reshard", "99h=4", "--reshard is '99h=4', and the traffic ends after")]
    [InlineData("--warm-up", "99h", "no records would be left")]
    public async Task A_mistake_is_told_with_what_is_allowed(string option, string value, string expected)
    {
        (int exitCode, _, string error) = await LambdaStream.RunAsync(_workspace, [.. Made, option, value]);

        Assert.Equal(2, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_mistakes_are_told_at_once()
    {
        (int exitCode, _, string error) = await LambdaStream.RunAsync(_workspace, ["simulate", "--set", "BatchSize=0", "--warm-up", "long"]);

        Assert.Equal(2, exitCode);
        Assert.Contains("--rate N", error, StringComparison.Ordinal);
        Assert.Contains("--handler-model", error, StringComparison.Ordinal);
        Assert.Contains("--warm-up", error, StringComparison.Ordinal);
        Assert.Contains("BatchSize is '0'", error, StringComparison.Ordinal);
    }

    private async Task<JsonElement> SimulateAsync(int expectedExitCode, params string[] options)
    {
        (int exitCode, string output, string error) = await LambdaStream.RunAsync(_workspace, [.. Made, .. options, "--json"]);

        Assert.True(exitCode == expectedExitCode, output + error);
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }
}
