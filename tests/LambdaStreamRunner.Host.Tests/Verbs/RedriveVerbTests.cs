using System.Text.Json;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary><c>redrive</c>: what was discarded goes through its function once more.</summary>
public sealed class RedriveVerbTests(RedriveVerbTests.DiscardingRun earlier) : IClassFixture<RedriveVerbTests.DiscardingRun>, IDisposable
{
    private static readonly Dictionary<string, object> Mapping = new()
    {
        ["BatchSize"] = 10,
        ["ParallelizationFactor"] = 4,
        ["MaximumRetryAttempts"] = 0,
        ["DestinationConfig"] = new { OnFailure = new { Destination = "file:failed.jsonl" } },
    };

    private readonly Workspace _workspace = new();

    /// <summary>A run that has ended and left its streams and what it discarded, of which every test gets a copy.</summary>
    public sealed class DiscardingRun : IAsyncLifetime
    {
        private readonly Workspace _workspace = new();
        private long _discarded;

        public async ValueTask InitializeAsync()
        {
            _workspace.WriteLines("lines", Enumerable.Range(1, 200).Select(number => number % 10 == 0 ? "poison x" : $"key-{number % 30} x"));
            (int exitCode, string json, string error) = await LambdaStream.RunAsync(
                _workspace, "run", "--config", _workspace.Configure("ThrowOnPoison", Mapping), "--port", "0", "--data", "data",
                "--input", "lines", "--stream", "clicks", "--partition-key", "/^(\\S+)/", "--until-drained", "--json");
            Assert.True(exitCode == 1, error);
            _discarded = LambdaStream.Count(LambdaStream.MappingOf(json), "discarded");
        }

        public ValueTask DisposeAsync()
        {
            _workspace.Dispose();
            return ValueTask.CompletedTask;
        }

        /// <summary>Copies what it has left; returns how many records it had discarded.</summary>
        internal long CopyTo(Workspace workspace)
        {
            foreach (string file in (string[])[_workspace.PathOf("failed.jsonl"), .. Directory.EnumerateFiles(_workspace.PathOf("data"), "*", SearchOption.AllDirectories)])
            {
                string copy = workspace.PathOf(Path.GetRelativePath(_workspace.Folder, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
            return _discarded;
        }
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task From_a_folder_the_discarded_records_succeed_with_a_mended_function()
    {
        long discarded = earlier.CopyTo(_workspace);
        string mended = _workspace.Configure("Succeed", Mapping);

        (int exitCode, string json, string error) = await LambdaStream.RunAsync(
            _workspace, "redrive", "--config", mended, "--input", "failed.jsonl", "--data", "data", "--json");

        Assert.True(exitCode == 0, error);
        JsonElement summary = JsonSerializer.Deserialize<JsonElement>(json);
        Assert.Equal((discarded, 0, 0, 0), (Count(summary, "succeeded"), Count(summary, "failed"), Count(summary, "notSent"), Count(summary, "missing")));
        Assert.All(summary.GetProperty("documents").EnumerateArray(), document => Assert.Equal("stream", document.GetProperty("source").GetString()));
    }

    [Fact]
    public async Task What_fails_again_makes_the_exit_code_1()
    {
        long discarded = earlier.CopyTo(_workspace);

        (int exitCode, string output, _) = await LambdaStream.RunAsync(
            _workspace, "redrive", "--config", _workspace.Configure("ThrowOnPoison", Mapping), "--input", "failed.jsonl", "--data", "data");

        Assert.Equal(1, exitCode);
        Assert.Contains($"0 records succeeded, {discarded} failed again, 0 not sent, 0 gone.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_lists_the_records_and_invokes_nothing()
    {
        long discarded = earlier.CopyTo(_workspace);

        (int exitCode, string output, string error) = await LambdaStream.RunAsync(
            _workspace, "redrive", "--config", _workspace.Configure("Missing", Mapping), "--input", "failed.jsonl", "--data", "data", "--dry-run");

        Assert.True(exitCode == 0, error);
        Assert.Equal(discarded, output.Split('\n').Count(line => line.StartsWith("  ", StringComparison.Ordinal) && line.Contains(" key '", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task From_a_run_that_is_up()
    {
        earlier.CopyTo(_workspace);
        string config = _workspace.Configure("Succeed", Mapping);
        await using LambdaStream run = LambdaStream.Start(_workspace, "run", "--config", config, "--port", "0", "--data", "data");
        Uri endpoint = await run.EndpointAsync();

        (int exitCode, string output, string error) = await LambdaStream.RunAsync(
            _workspace, "redrive", "--config", config, "--input", "failed.jsonl", "--endpoint", endpoint.AbsoluteUri);

        Assert.True(exitCode == 0, output + error);
        await run.SignalAsync("TERM");
        await run.ExitAsync();
    }

    [Fact]
    public async Task When_nobody_listens_the_ways_out_are_named()
    {
        earlier.CopyTo(_workspace);

        (int exitCode, _, string error) = await LambdaStream.RunAsync(
            _workspace, "redrive", "--config", _workspace.Configure("Succeed", Mapping), "--input", "failed.jsonl", "--endpoint", "http://127.0.0.1:1");

        Assert.Equal(3, exitCode);
        Assert.Contains("cannot be reached", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--endpoint and --data both say", "--endpoint", "aws", "--data", ".")]
    [InlineData("--endpoint is 'nowhere'", "--endpoint", "nowhere")]
    [InlineData("which is no folder", "--data", "absent")]
    public async Task Wrong_usage_is_told(string reason, params string[] arguments)
    {
        (int exitCode, _, string error) = await LambdaStream.RunAsync(_workspace, ["redrive", "--config", _workspace.Configure("Succeed"), .. arguments]);

        Assert.Equal(2, exitCode);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_document_is_wrong_usage()
    {
        (int exitCode, _, string error) = await LambdaStream.RunAsync(
            _workspace, "redrive", "--config", _workspace.Configure("Succeed"), "--input", _workspace.Write("failed.jsonl", "{}"));

        Assert.Equal(2, exitCode);
        Assert.Contains("Document 1 is none of a discarded batch", error, StringComparison.Ordinal);
    }

    private static long Count(JsonElement summary, string name) => summary.GetProperty(name).GetInt64();
}
