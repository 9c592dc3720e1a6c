using System.Text.Json;

namespace LambdaStreamRunner.Host.Tests.Verbs;

public sealed class CheckVerbTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_right_configuration_is_called_right()
    {
        (int exitCode, string output, string error) = await LambdaStream.RunAsync(_workspace, "check", "--config", _workspace.Configure("Succeed"), "--load");

        Assert.True(exitCode == 0, error);
        Assert.Contains("1 stream, 1 function, 1 mapping.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_are_all_told_in_the_JSON()
    {
        string config = _workspace.Configure("Succeed", new() { ["BatchSize"] = 0, ["ParallelizationFactor"] = 11 });

        (int exitCode, string json, _) = await LambdaStream.RunAsync(_workspace, "check", "--config", config, "--json");

        JsonElement result = JsonSerializer.Deserialize<JsonElement>(json);
        Assert.Equal((2, false, 2), (exitCode, result.GetProperty("valid").GetBoolean(), result.GetProperty("errors").GetArrayLength()));
    }

    [Theory]
    [InlineData("InProcess", 0)]
    [InlineData("Process", 3)]                                // the metadata of a library that is there tell without loading it
    public async Task A_handler_that_is_missing_is_found_by_loading(string hosting, int exitCodeUnloaded)
    {
        string config = _workspace.Configure("Succeeed", hosting: hosting);

        (int unloaded, _, _) = await LambdaStream.RunAsync(_workspace, "check", "--config", config);
        (int loaded, string json, string error) = await LambdaStream.RunAsync(_workspace, "check", "--config", config, "--load", "--json");

        Assert.Equal((exitCodeUnloaded, 3), (unloaded, loaded));
        string mistake = JsonSerializer.Deserialize<JsonElement>(json).GetProperty("errors")[0].GetString()!;
        Assert.StartsWith("Functions.Clicks: ", mistake, StringComparison.Ordinal);
        Assert.Contains("Succeed", mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_remote_function_that_is_not_there_is_found_by_connecting()
    {
        string config = _workspace.Write("runner.json", """{ "Functions": { "Clicks": { "Hosting": "Remote", "Endpoint": "http://127.0.0.1:1" } } }""");

        (int unasked, _, _) = await LambdaStream.RunAsync(_workspace, "check", "--config", config);
        (int asked, string json, _) = await LambdaStream.RunAsync(_workspace, "check", "--config", config, "--connect", "--json");

        Assert.Equal((0, 3), (unasked, asked));
        string mistake = JsonSerializer.Deserialize<JsonElement>(json).GetProperty("errors")[0].GetString()!;
        Assert.StartsWith("The function Clicks cannot be invoked at http://127.0.0.1:1/: Unreachable: ", mistake, StringComparison.Ordinal);
    }
}
