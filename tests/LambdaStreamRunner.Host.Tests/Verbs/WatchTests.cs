using System.Text.Json;
using LambdaStreamRunner.Host.Tests.Durability;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary>Somebody edits a function while records flow, and looks what comes of it.</summary>
public sealed class WatchTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task An_edited_script_takes_over_without_losing_or_reordering_a_record()
    {
        Write("first");
        await using LambdaStream program = LambdaStream.Start(_workspace, "run", "--config", Configure(), "--port", "0", "--watch", "--json");
        using var kinesis = new KinesisCaller();
        Uri endpoint = await program.EndpointAsync();
        await program.SaysAsync("Watching Clicks: 1 files.");
        int put = await kinesis.PutAsync(endpoint, 0, 500, 7, number => $"{number}");
        await program.SaysAsync("first has seen");

        Write("second");
        await program.SaysAsync("Swapped Clicks after a change of app.py: ready in ");
        put = await kinesis.PutAsync(endpoint, put, 1000, 7, number => $"{number}");
        await program.SaysAsync("second has seen");
        _workspace.Write("clicks/app.py", "def handler(event, context) print('third')");
        await program.SaysAsync("Clicks stays as it was, since it does not work with the change of app.py: Runtime.UserCodeSyntaxError");
        put = await kinesis.PutAsync(endpoint, put, 1500, 7, number => $"{number}");
        Write("fourth");
        put = await kinesis.PutAsync(endpoint, put, 2000, 7, number => $"{number}");
        await kinesis.DrainedAsync(endpoint, program);
        await program.SaysAsync("fourth has seen");

        await program.SignalAsync("TERM");
        Assert.Equal(0, await program.ExitAsync());
        JsonElement mapping = LambdaStream.MappingOf(program.Out);
        Assert.Equal((put, 0, 0), (LambdaStream.Count(mapping, "succeeded"), LambdaStream.Count(mapping, "orderViolations"), LambdaStream.Count(mapping, "duplicateDeliveries")));
    }

    [Theory]
    [InlineData(2, "--debug: There is no function 'Click' to debug. Did you mean 'Clicks'? The configuration has 'Clicks'.", "--debug", "Click")]
    [InlineData(2, "--debug-port is for a debugger, and goes with --debug FUNCTION.", "--debug-port", "9300")]
    [InlineData(2, "--debug-port is 0; it can be 1 to 65535.", "--debug", "Clicks", "--debug-port", "0")]
    public async Task What_cannot_be_debugged_is_refused_before_anything_starts(int exitCode, string sentence, params string[] arguments)
    {
        Write("first");

        var ended = await LambdaStream.RunAsync(_workspace, ["run", "--config", Configure(), "--port", "0", .. arguments]);

        Assert.Equal(exitCode, ended.ExitCode);
        Assert.Contains(sentence, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Kinesis endpoint", ended.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runtime_that_cannot_wait_for_a_debugger_says_what_to_do_instead()
    {
        string bootstrap = _workspace.Write("clicks/bootstrap", "#!/bin/sh");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(bootstrap, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string config = _workspace.Write("runner.json", """
            {
              "Streams": { "clicks": { "ShardCount": 1 } },
              "Functions": { "Clicks": { "Runtime": "provided.al2023", "CodeUri": "clicks" } },
              "EventSourceMappings": [ { "EventSourceArn": "clicks", "FunctionName": "Clicks", "StartingPosition": "TRIM_HORIZON" } ]
            }
            """);

        var ended = await LambdaStream.RunAsync(_workspace, "run", "--config", config, "--port", "0", "--debug", "Clicks");

        Assert.Equal(3, ended.ExitCode);
        Assert.StartsWith("Function 'Clicks' cannot be debugged so: Nothing tells a bootstrap to wait for a debugger: attach one to its process at any time.", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_of_this_process_is_loaded_when_a_debugger_is_attached()
    {
        await using LambdaStream program = LambdaStream.Start(_workspace, "run", "--config", _workspace.Configure("Succeed"), "--port", "0", "--debug", "Clicks");
        await program.SaysAsync("Clicks: waiting for the .NET debugger of your IDE to attach to process ");

        await program.SignalAsync("INT");

        Assert.Equal(3, await program.ExitAsync());
        Assert.Contains("Interrupted before it had started.", program.Error, StringComparison.Ordinal);
    }

    private void Write(string version) => _workspace.Write("clicks/app.py", $"""
        def handler(event, context):
            print("{version} has seen", len(event["Records"]))
        """);

    private string Configure()
    {
        if (!File.Exists("/usr/bin/python3"))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "/usr/bin/python3 is not installed (apt-get install python3).");
            Assert.Skip("/usr/bin/python3 is not installed (apt-get install python3).");
        }
        return _workspace.Write("runner.json", """
            {
              "Streams": { "clicks": { "ShardCount": 2 } },
              "Functions": { "Clicks": { "Runtime": "python3.11", "CodeUri": "clicks", "Handler": "app.handler", "Timeout": 30 } },
              "EventSourceMappings": [
                {
                  "EventSourceArn": "clicks", "FunctionName": "Clicks", "StartingPosition": "TRIM_HORIZON",
                  "BatchSize": 10, "ParallelizationFactor": 2, "MaximumRetryAttempts": 0
                }
              ]
            }
            """);
    }
}
