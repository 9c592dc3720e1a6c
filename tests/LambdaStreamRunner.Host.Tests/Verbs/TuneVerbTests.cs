using System.Globalization;
using System.Text.Json;

namespace LambdaStreamRunner.Host.Tests.Verbs;

public sealed class TuneVerbTests : IDisposable
{
    private static readonly string[] Small = ["--batch-sizes", "10,100", "--windows", "0,1", "--parallelization", "1,4", "--seeds", "3"];
    private static readonly string[] Made = ["--rate", "50", "--duration", "40s", "--keys", "20"];
    private static readonly string[] Model = ["--handler-model", "20ms + 1ms/record"];

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_trace_has_a_frontier_and_a_chosen_setting_as_JSON()
    {
        string trace = _workspace.WriteLines("trace.csv",
            ["timeMs,partitionKey,bytes", .. Enumerable.Range(0, 1_500).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i * 20},key-{i % 20},200"))]);

        (int exitCode, string output, string error) = await LambdaStream.RunAsync(_workspace, ["tune", "--trace", trace, "--shards", "1", .. Model, "--slo", "iteratorAge.p99 < 2s", .. Small, "--json"]);

        Assert.True(exitCode == 0, output + error);
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.True(document.RootElement.GetProperty("frontier").GetArrayLength() > 0);
        JsonElement chosen = document.RootElement.GetProperty("chosen");
        Assert.InRange(chosen.GetProperty("iteratorAgeP99Ms").GetProperty("high").GetDouble(), 0, 2_000);
        Assert.Equal(1, chosen.GetProperty("ShardCount").GetInt32());
        Assert.Equal(3, chosen.GetProperty("runs").GetInt32());
    }

    [Fact]
    public async Task People_get_a_table_and_a_page()
    {
        (int exitCode, string output, string error) = await LambdaStream.RunAsync(_workspace, ["tune", .. Made, .. Model, .. Small, "--report", "tuning.html"]);

        Assert.True(exitCode == 0, output + error);
        Assert.Contains("Chosen: 1 shard", output, StringComparison.Ordinal);
        Assert.Contains("<html", await File.ReadAllTextAsync(_workspace.PathOf("tuning.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interruption_gives_the_frontier_so_far_and_ends_with_1()
    {
        await using LambdaStream program = LambdaStream.Start(_workspace, ["tune", "--rate", "1000", "--duration", "1000s", "--shards", "1-8", .. Model]);
        await program.SaysAsync("of the traffic: ");

        await program.SignalAsync("INT");

        Assert.Equal(1, await program.ExitAsync());
        Assert.Contains("interrupted", program.Said, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_objective_that_none_meets_names_the_nearest_and_ends_with_1()
    {
        (int exitCode, string output, _) = await LambdaStream.RunAsync(_workspace, ["tune", .. Made, .. Model, .. Small, "--slo", "latency.p99 < 1ms"]);

        Assert.Equal(1, exitCode);
        Assert.Contains("No setting meets latency.p99 < 1ms. The nearest is BatchSize", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_load_that_nothing_keeps_up_with_says_what_is_needed_and_ends_with_1()
    {
        (int exitCode, string output, _) = await LambdaStream.RunAsync(_workspace, ["tune", .. Made, "--key-distribution", "distinct", "--handler-model", "400ms/record", .. Small]);

        Assert.Equal(1, exitCode);
        Assert.Matches(@"the traffic needs (19|20|21) lanes", output);
        Assert.Contains("at most 4 are there", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<", 0, "kept")]
    [InlineData(">", 1, "broken")]
    public async Task A_check_fails_the_build_when_an_objective_is_broken(string side, int expected, string word)
    {
        string limit = side == "<" ? "10s" : "1ms";
        _workspace.Write("ci/slo.json", $$"""
            { "Objectives": ["latency.p99 < {{limit}}"], "Settings": { "BatchSize": 100 },
              "Traffic": { "Rate": 20, "Duration": "20s", "Keys": 10 }, "Handler": { "HandlerModel": "20ms + 1ms/record" } }
            """);

        (int exitCode, string output, string error) = await LambdaStream.RunAsync(_workspace, "tune", "--check", "ci/slo.json", "--seeds", "3");

        Assert.True(exitCode == expected, output + error);
        Assert.Contains("latency.p99", output, StringComparison.Ordinal);
        Assert.Contains(word, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_line_of_a_check_wins_over_its_file()
    {
        _workspace.Write("slo.json", """
            { "Objectives": ["latency.p99 < 5s"], "Settings": { "BatchSize": 100 },
              "Traffic": { "Rate": 20, "Duration": "20s" }, "Handler": { "HandlerModel": "20ms" } }
            """);

        (int exitCode, string output, string error) = await LambdaStream.RunAsync(_workspace, "tune", "--check", "slo.json", "--seeds", "2", "--handler-model", "2500ms", "--json");

        Assert.True(exitCode == 1, output + error);
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.False(document.RootElement.GetProperty("isMet").GetBoolean());
        Assert.Equal(5_000, document.RootElement.GetProperty("objectives")[0].GetProperty("limit").GetDouble());
    }

    [Theory]
    [InlineData("--slo", "iteratorAge.p98 < 2s", "is no figure of an objective")]
    [InlineData("--region", "mars-1", "There are no prices for the region 'mars-1'")]
    [InlineData("--architecture", "z80", "x86_64 or arm64")]
    [InlineData("--seeds", "1", "2 to 1000")]
    [InlineData("--batch-sizes", "0", "from 1 to 10,000")]
    [InlineData("--prices", "nowhere.json", "cannot be read")]
    [InlineData("--check", "nowhere.json", "cannot be read")]
    [InlineData("--report", "nowhere/tuning.html", "the folder of 'nowhere/tuning.html' does not exist")]
    [InlineData("--seeds", "many", "--seeds is 'many'; it takes a whole number such as 10.")]
    [InlineData("--lane-policy", "foo", "it takes HashLanes or DynamicKeys")]
    public async Task Wrong_usage_ends_with_2_and_what_is_allowed(string option, string value, string expected)
    {
        (int exitCode, _, string error) = await LambdaStream.RunAsync(_workspace, ["tune", .. Made, .. Model, option, value]);

        Assert.Equal(2, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verification_without_a_function_is_refused()
    {
        (int exitCode, _, string error) = await LambdaStream.RunAsync(_workspace, ["tune", .. Made, .. Model, "--verify"]);

        Assert.Equal(2, exitCode);
        Assert.Contains("--function NAME", error, StringComparison.Ordinal);
    }
}
