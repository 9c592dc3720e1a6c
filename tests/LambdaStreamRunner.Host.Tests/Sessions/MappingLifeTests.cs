using System.Diagnostics;
using System.Text.Json;
using LambdaStreamRunner.Host.Tests.Verbs;
using LambdaStreamRunner.Runner.Tests.Destinations;

namespace LambdaStreamRunner.Host.Tests.Sessions;

/// <summary>A shell script with nothing but the aws CLI leads a mapping from its creation to its end.</summary>
public sealed class MappingLifeTests : IDisposable
{
    private const string Aws = "/usr/bin/aws";

    private readonly Workspace _workspace = new();

    [Fact]
    public async Task Each_step_of_a_mapping_s_life_shows_what_AWS_shows()
    {
        Assert.SkipUnless(File.Exists(Aws) || Environment.GetEnvironmentVariable("CI") == "true", $"{Aws} is not installed (apt-get install awscli).");
        await using ServiceFakes fakes = await ServiceFakes.StartAsync();
        string config = _workspace.Write("runner.json", JsonSerializer.Serialize(new
        {
            Endpoints = new { sqs = fakes.Messages },
            Functions = new { Clicks = new { CodeUri = Workspace.DllOf("OddFunctions"), Handler = Workspace.Odd + "ThrowOnPoison" } },
        }));
        await using LambdaStream program = LambdaStream.Start(_workspace, "run", "--config", config, "--port", "0", "--json");
        Uri endpoint = await program.EndpointLineAsync();

        string[] said = await PlayAsync(endpoint);

        Assert.Equal(
            [
                "created: Creating 10 10 True {\"data\":{\"kind\":[\"order\",\"poison\"]}} arn:aws:sqs:us-east-1:000000000000:failed",
                "state: Enabled",
                "put: 0 failed",
                "put: 0 failed",
                "reshard: 2 to 4",
                "put: 0 failed",
                "updated: Updating 5",
                "state: Enabled",
                "listed: 5",
                "disabled: Disabling",
                "state: Disabled",
                "put: 0 failed",
                "enabled: Enabling",
                "state: Enabled",
                "deleted: Deleting",
                "then: An error occurred (ResourceNotFoundException) when calling the GetEventSourceMapping operation: The resource you requested does not exist.",
            ],
            said);
        JsonElement document = JsonSerializer.Deserialize<JsonElement>(Assert.Single(await fakes.ReceiveAsync("failed", 1)));
        Assert.Equal("RetryAttemptsExhausted", document.GetProperty("requestContext").GetProperty("condition").GetString());
        Assert.Equal(1, document.GetProperty("KinesisBatchInfo").GetProperty("batchSize").GetInt32());
        await program.SignalAsync("TERM");
        Assert.Equal(1, await program.ExitAsync());           // a record was discarded
        JsonElement mapping = LambdaStream.MappingOf(program.Out);
        Assert.Equal(
            (9, 7, 1, 1, 0),
            (LambdaStream.Count(mapping, "records"), LambdaStream.Count(mapping, "succeeded"), LambdaStream.Count(mapping, "filtered"),
                LambdaStream.Count(mapping, "discarded"), LambdaStream.Count(mapping, "orderViolations")));
    }

    public void Dispose() => _workspace.Dispose();

    private static async Task<string[]> PlayAsync(Uri endpoint)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Sessions", "mapping-life.sh");
        var start = new ProcessStartInfo("/bin/bash", [script, endpoint.AbsoluteUri]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Deleted, a mapping settles nothing any more: the script waits for what it has put.
        start.Environment["BEFORE_DELETE"] = $"curl -fsS -X POST '{new Uri(endpoint, "/_runner/wait?until=drained&timeout=60")}' >/dev/null";
        using Process session = Process.Start(start)!;
        Task<string> error = session.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string said = await session.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await session.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(session.ExitCode == 0, $"{said}{await error}");
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
