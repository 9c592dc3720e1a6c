using System.Text.Json;
using LambdaStreamRunner.Runner.Tests.Destinations;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary>Destinations outside of the process: said before they are contacted, reached, or complained about.</summary>
public sealed class RemoteDestinationTests(ServiceFakes.Shared services) : IClassFixture<ServiceFakes.Shared>, IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_queue_at_a_compatible_server_gets_what_a_run_discards()
    {
        ServiceFakes fakes = await services.StartedAsync();
        string config = Configure(fakes.Messages);
        _workspace.WriteLines("lines", ["a 1", "poison 2", "a 3"]);

        (int exitCode, string output, string error) = await LambdaStream.RunAsync(
            _workspace, "run", "--config", config, "--port", "0", "--input", "lines", "--stream", "clicks", "--partition-key", "/^(\\S+)/", "--until-drained");

        Assert.True(exitCode == 1, output + error);
        Assert.Contains($"Discarded batches leave this process: {ServiceFakes.QueueArn} at {fakes.Messages.AbsoluteUri.TrimEnd('/')}", output, StringComparison.Ordinal);
        JsonElement document = JsonSerializer.Deserialize<JsonElement>((await fakes.ReceiveAsync("failed", 1))[0]);
        Assert.Equal("RetryAttemptsExhausted", document.GetProperty("requestContext").GetProperty("condition").GetString());
        Assert.Equal(1, document.GetProperty("KinesisBatchInfo").GetProperty("batchSize").GetInt32());
    }

    [Fact]
    public async Task Check_connect_finds_what_is_there()
    {
        ServiceFakes fakes = await services.StartedAsync();

        (int exitCode, string output, string error) = await LambdaStream.RunAsync(_workspace, "check", "--config", Configure(fakes.Messages), "--connect");

        Assert.True(exitCode == 0, output + error);
    }

    [Fact]
    public async Task Check_connect_names_what_cannot_be_reached()
    {
        (int exitCode, string json, _) = await LambdaStream.RunAsync(_workspace, "check", "--config", Configure(new Uri("http://127.0.0.1:1")), "--connect", "--json");

        Assert.Equal(3, exitCode);
        string mistake = JsonSerializer.Deserialize<JsonElement>(json).GetProperty("errors")[0].GetString()!;
        Assert.StartsWith($"The destination {ServiceFakes.QueueArn} cannot be used at http://127.0.0.1:1: ", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S_35_a_run_warns_of_a_destination_that_cannot_be_reached_and_goes_on()
    {
        await using LambdaStream run = LambdaStream.Start(_workspace, "run", "--config", Configure(new Uri("http://127.0.0.1:1")), "--port", "0");

        await run.SaysAsync("What is discarded before it can is lost.");
        await run.SignalAsync("TERM");

        Assert.Equal(0, await run.ExitAsync());
    }

    private string Configure(Uri sqs) => _workspace.Configure(
        "ThrowOnPoison",
        new()
        {
            ["MaximumRetryAttempts"] = 0,
            ["BisectBatchOnFunctionError"] = true,
            ["DestinationConfig"] = new { OnFailure = new { Destination = ServiceFakes.QueueArn } },
        },
        endpoints: new { sqs = sqs.AbsoluteUri });
}
