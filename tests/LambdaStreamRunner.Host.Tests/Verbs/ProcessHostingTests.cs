using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary>The program with a function in processes: however it ends, nothing that it has started lives on.</summary>
public sealed class ProcessHostingTests : IDisposable
{
    private const string Variable = "LAMBDA_STREAM_HOSTED_RUN";

    /// <summary>Has children and a daemon, writes what it begins and ends, and takes a while.</summary>
    private const string Handler = """
        import os, subprocess, time
        subprocess.Popen(["sleep", "600"])
        subprocess.Popen(["setsid", "sh", "-c", "sleep 600 & wait"])

        def note(what):
            with open(os.environ["NOTES"], "a") as notes:
                notes.write(what + "\n")

        def handler(event, context):
            note("begun")
            print("the first batch is here", flush=True)
            time.sleep(float(os.environ["SECONDS"]))
            note("ended")
        """;

    private readonly Workspace _workspace = new();
    private readonly string _run = Guid.NewGuid().ToString("N");

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Nothing_of_it_lives_on_when_it_is_killed()
    {
        await using LambdaStream program = Start(seconds: 600);
        await program.SaysAsync("the first batch is here");
        Assert.InRange(Processes().Count, 4, 100);            // of one environment at least: itself and what it has started

        await program.SignalAsync("KILL");

        Assert.Equal(137, await program.ExitAsync());
        await NoneLeftAsync();
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_lets_batches_end_and_then_ends_environments(string signal)
    {
        await using LambdaStream program = Start(seconds: 1);
        await program.SaysAsync("the first batch is here");

        await program.SignalAsync(signal);

        Assert.Equal(1, await program.ExitAsync());
        JsonElement mapping = LambdaStream.MappingOf(program.Out);
        string[] notes = await File.ReadAllLinesAsync(_workspace.PathOf("notes"), TestContext.Current.CancellationToken);
        Assert.Equal(notes.Count(note => note == "begun"), notes.Count(note => note == "ended"));
        Assert.Equal(notes.Length / 2, LambdaStream.Count(mapping, "invocations"));
        Assert.Equal((0, 0), (LambdaStream.Count(mapping, "failedInvocations"), LambdaStream.Count(mapping, "orderViolations")));
        Assert.InRange(LambdaStream.Count(mapping, "succeeded"), 1, 199);
        Assert.Empty(Processes());
    }

    [Fact]
    public async Task A_second_signal_ends_environments_amid_their_batches()
    {
        await using LambdaStream program = Start(seconds: 600);
        await program.SaysAsync("the first batch is here");

        await program.SignalAsync("TERM");
        await program.SaysAsync("Stopping: settling what is in flight.");
        await program.SignalAsync("TERM");

        Assert.Equal(1, await program.ExitAsync());
        Assert.Equal(0, LambdaStream.Count(LambdaStream.MappingOf(program.Out), "succeeded"));
        Assert.Empty(Processes());
    }

    [Theory]
    [InlineData("python3.13", "app.handler", "Functions.Clicks: Runtime 'python3.13' needs Python, and there is no 'python3.13' and no 'python3' on the PATH that runs: ")]
    [InlineData("nodejs22.x", "app.handler", "Functions.Clicks: Runtime 'nodejs22.x' needs Node.js, and there is no 'node' on the PATH that runs: ")]
    [InlineData("python3.13", "missing.handler", "Functions.Clicks: Handler 'missing.handler' names the file 'missing.py', which is not in '")]
    [InlineData("provided.al2023", "app.handler", "Functions.Clicks: The runtime 'provided.al2023' needs an executable file called 'bootstrap', which is neither in '")]
    public async Task What_is_missing_is_one_sentence_at_check_and_at_start(string runtime, string handler, string sentence)
    {
        string config = Configure(seconds: 1, runtime, handler);
        string onlyDotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        string[] without = ["env", $"PATH={onlyDotnet}"];

        (int checkedCode, string said) = await RunAsync(without, "check", "--config", config);
        (int loadedCode, string saidLoaded) = await RunAsync(without, "check", "--config", config, "--load");
        (int ranCode, string saidAtStart) = await RunAsync(without, "run", "--config", config, "--port", "0");

        Assert.Equal((3, 3, 3), (checkedCode, loadedCode, ranCode));
        Assert.StartsWith(sentence, Assert.Single(Lines(said)), StringComparison.Ordinal);
        Assert.Equal(Lines(said), Lines(saidLoaded));
        Assert.Contains(sentence["Functions.Clicks: ".Length..], saidAtStart, StringComparison.Ordinal);
        Assert.DoesNotContain("Kinesis endpoint", saidAtStart, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", saidAtStart, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("python3.11", "app.handlr", "Functions.Clicks: Runtime.HandlerNotFound: Handler 'handlr' missing on module 'app'")]
    [InlineData("python3.11", "broken.handler", "Functions.Clicks: Runtime.UserCodeSyntaxError: ")]
    [InlineData("provided.al2023", "app.handler", "Functions.Clicks: Runtime.ExitError: Error: Runtime exited with error: exit status 3. It wrote last: no such database")]
    [InlineData("provided.al2", "windows", "has Windows line ends, so its first line #!/bin/sh names no program: save it with line ends of Unix.")]
    public async Task What_does_not_start_is_found_by_loading_as_its_first_invocation_would_find_it(string runtime, string handler, string sentence)
    {
        string config = Configure(seconds: 1, runtime, handler);
        _workspace.Write("code/broken.py", "def handler(event, context) return 1");
        string lineEnd = handler == "windows" ? "\r\n" : "\n";
        string bootstrap = _workspace.Write("code/bootstrap", $"#!/bin/sh{lineEnd}echo no such database >&2{lineEnd}exit 3{lineEnd}");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(bootstrap, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        (int checkedCode, _) = await RunAsync([], "check", "--config", config);
        (int loadedCode, string said) = await RunAsync([], "check", "--config", config, "--load");

        Assert.Equal((0, 3), (checkedCode, loadedCode));
        Assert.Contains(sentence, said, StringComparison.Ordinal);
        Assert.Empty(Processes());
    }

    [Fact]
    public async Task A_folder_for_temporary_files_that_is_not_there_is_told_with_its_variable()
    {
        string nowhere = _workspace.PathOf("nowhere");

        (int code, string said) = await RunAsync(["env", $"TMPDIR={nowhere}"], "check", "--config", Configure(seconds: 1, "python3.11", "app.handler"), "--load");

        Assert.Equal(3, code);
        Assert.Contains($"cannot be made in '{nowhere}", said, StringComparison.Ordinal);
        Assert.Contains("Let TMPDIR", said, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Error)> RunAsync(string[] command, params string[] arguments)
    {
        await using LambdaStream program = LambdaStream.StartUnder(command, _workspace, arguments);
        program.Input.Close();
        return (await program.ExitAsync(), program.Error);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private LambdaStream Start(int seconds)
    {
        _workspace.WriteLines("lines", Enumerable.Range(1, 200).Select(number => $"{number}"));
        return LambdaStream.Start(
            _workspace, "run", "--config", Configure(seconds, "python3.11", "app.handler"), "--port", "0", "--input", "lines", "--stream", "clicks", "--partition-key", "/\\d+/", "--json");
    }

    private string Configure(int seconds, string runtime, string handler)
    {
        _workspace.Write("code/app.py", Handler);
        _workspace.Write("code/app.js", "exports.handler = async () => null;");
        return _workspace.Write("runner.json", JsonSerializer.Serialize(new
        {
            Streams = new { clicks = new { ShardCount = 1 } },
            Functions = new
            {
                Clicks = new
                {
                    CodeUri = _workspace.PathOf("code"),
                    Runtime = runtime,
                    Handler = handler,
                    Timeout = 900,
                    Environment = new { Variables = new Dictionary<string, string> { ["NOTES"] = _workspace.PathOf("notes"), ["SECONDS"] = $"{seconds}", [Variable] = _run } },
                },
            },
            EventSourceMappings = new[] { new { EventSourceArn = "clicks", FunctionName = "Clicks", StartingPosition = "TRIM_HORIZON", BatchSize = 10, ParallelizationFactor = 2 } },
        }));
    }

    private async Task NoneLeftAsync()
    {
        while (Processes() is { Count: > 0 })
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    /// <summary>What runs with our variable: all that the environments have started, wherever it hangs.</summary>
    private List<int> Processes() =>
    [
        .. Directory.GetDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), out int id) ? id : 0)
            .Where(id => id > 0 && Read($"/proc/{id}/environ").Contains($"{Variable}={_run}", StringComparison.Ordinal)),
    ];

    private static string Read(string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(file));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
