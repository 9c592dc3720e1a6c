using System.Text.Json;
using System.Text.RegularExpressions;
using LambdaStreamRunner.Host.Traces;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary><c>capture</c> as its users run it.</summary>
public sealed partial class CaptureVerbTests(RunningServer server) : IClassFixture<RunningServer>, IDisposable
{
    private const string AccessLine = "lambda-stream capture --input access.log --partition-key '/^(\\S+)/' --time '/\\[([^\\]]+)\\]/' --time-format 'dd/MMM/yyyy:HH:mm:ss zzz' --sort --out access.csv";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task The_page_s_example_makes_a_trace_of_an_access_log_and_names_lines_without_a_time()
    {
        Assert.Contains(AccessLine, await File.ReadAllTextAsync(PageOf("traces.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        _workspace.WriteLines("access.log", ["10.0.0.2 - - [17/May/2015:10:05:43 +0000] \"GET /b\"", "10.0.0.1 - - [17/May/2015:10:05:03 +0000] \"GET /a\"", "10.0.0.3 - - [17/M"]);

        (int exitCode, _, string error) = await LambdaStream.RunAsync(_workspace, [.. Arguments().Matches(AccessLine).Select(match => match.Value.Trim('\'')).Skip(1)]);

        Assert.Equal(1, exitCode);
        Assert.Contains("Not captured: line 3 has no time", error, StringComparison.Ordinal);
        Assert.Equal(
            ["timeMs,partitionKey,bytes", "1431857103000,10.0.0.1,50", "1431857143000,10.0.0.2,50"],
            await File.ReadAllLinesAsync(_workspace.PathOf("access.csv"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_page_s_examples_of_traces_can_be_read()
    {
        string page = await File.ReadAllTextAsync(PageOf("traces.md"), TestContext.Current.CancellationToken);
        foreach (Match example in TraceBlocks().Matches(page))
        {
            using OpenedTraffic opened = await TraceFile.OpenAsync(_workspace.Write("example", example.Groups[1].Value), new TraceReading(), null, TestContext.Current.CancellationToken);
            Assert.Equal(2, opened.Traffic.Count);
        }
        Assert.Equal(2, TraceBlocks().Count(page));
    }

    [Fact]
    public async Task Everything_in_a_stream_is_captured_in_order_of_arrival()
    {
        await LambdaStream.RunAsync(_workspace, "put", "--endpoint", server.Endpoint, "--stream", "clicks", "--generate", "12345", "--keys", "50", "--size", "77");

        (int exitCode, string json, string error) = await LambdaStream.RunAsync(_workspace, "capture", "--endpoint", server.Endpoint, "--stream", "clicks", "--until-tip", "--out", "clicks.ndjson.gz", "--json");

        Assert.True(exitCode == 0, error);
        Assert.Equal(12345, JsonSerializer.Deserialize<JsonElement>(json).GetProperty("records").GetInt64());
        using OpenedTraffic opened = await TraceFile.OpenAsync(_workspace.PathOf("clicks.ndjson.gz"), new TraceReading(), null, TestContext.Current.CancellationToken);
        Arrival[] all = [.. opened.Traffic.ReadFrom(TimeSpan.Zero).SelectMany(block => block.ToArray())];
        Assert.Equal(12345, all.Length);
        Assert.Equal(50, all.Select(arrival => arrival.KeyHash).Distinct().Count());
        Assert.All(all, arrival => Assert.Equal(77, arrival.DataLength));
    }

    [Fact]
    public async Task Hashed_keys_leave_shards_and_lanes_as_they_are()
    {
        _workspace.WriteLines("lines", ["a 1", "b 2"]);

        await LambdaStream.RunAsync(_workspace, "capture", "--input", "lines", "--partition-key", "/^(\\S+)/", "--time", "/(\\d)$/", "--hash-keys", "--out", "hashed.csv");
        await LambdaStream.RunAsync(_workspace, "capture", "--input", "lines", "--partition-key", "/^(\\S+)/", "--time", "/(\\d)$/", "--out", "plain.csv");

        Assert.Equal(await AllAsync("plain.csv"), await AllAsync("hashed.csv"));
        Assert.DoesNotContain(",a,", await File.ReadAllTextAsync(_workspace.PathOf("hashed.csv"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "Give one of --stream NAME, --input FILE and --journal FILE", "--out", "x.csv")]
    [InlineData(2, "which does not say what to write", "--stream", "clicks", "--out", "x")]
    [InlineData(2, "--stream must be an ARN", "--stream", "clicks", "--endpoint", "aws", "--out", "x.csv")]
    [InlineData(2, "--time EXPR says where the time", "--input", "-", "--partition-key", "a", "--out", "x.csv")]
    [InlineData(2, "--salt goes with --hash-keys", "--stream", "clicks", "--salt", "x", "--out", "x.csv")]
    [InlineData(2, "--from is 'never'", "--stream", "clicks", "--from", "never", "--out", "x.csv")]
    [InlineData(3, "cannot be reached", "--stream", "clicks", "--endpoint", "http://127.0.0.1:1", "--out", "x.csv")]
    public async Task What_cannot_be_captured_is_refused(int expected, string complaint, params string[] arguments)
    {
        (int exitCode, _, string error) = await LambdaStream.RunAsync(_workspace, ["capture", .. arguments]);

        Assert.Equal(expected, exitCode);
        Assert.Contains(complaint, error, StringComparison.Ordinal);
    }

    private async Task<Arrival[]> AllAsync(string file)
    {
        using OpenedTraffic opened = await TraceFile.OpenAsync(_workspace.PathOf(file), new TraceReading(), null, TestContext.Current.CancellationToken);
        return [.. opened.Traffic.ReadFrom(TimeSpan.Zero).SelectMany(block => block.ToArray())];
    }

    [Fact]
    public async Task A_capture_that_came_to_nothing_destroyed_the_file_of_an_earlier_one()
    {
        _workspace.Write("kept.csv", "timeMs,partitionKey,bytes\n0,a,1\n");

        (int exitCode, _, _) = await LambdaStream.RunAsync(_workspace, "capture", "--stream", "clicks", "--endpoint", "http://127.0.0.1:1", "--out", "kept.csv");

        Assert.Equal(3, exitCode);
        Assert.Equal("timeMs,partitionKey,bytes\n0,a,1\n", await File.ReadAllTextAsync(_workspace.PathOf("kept.csv"), TestContext.Current.CancellationToken));
        Assert.Equal(["kept.csv"], Directory.GetFiles(_workspace.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_disk_that_was_full_was_told_as_a_success()
    {
        _workspace.WriteLines("lines", ["a 1", "b 2"]);

        (int exitCode, string output, string error) = await LambdaStream.RunAsync(
            _workspace, "capture", "--input", "lines", "--partition-key", "/^(\\S+)/", "--time", "/(\\d)$/", "--format", "csv", "--out", "/dev/full");

        Assert.Equal(3, exitCode);
        Assert.DoesNotContain("captured", output, StringComparison.Ordinal);
        Assert.Contains("space", error, StringComparison.Ordinal);
    }

    private static string PageOf(string name)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "docs", name)))
            folder = folder.Parent;
        return Path.Combine(folder.FullName, "docs", name);
    }

    [GeneratedRegex(@"'[^']*'|\S+")]
    private static partial Regex Arguments();

    [GeneratedRegex(@"```(?:csv|json)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex TraceBlocks();
}
