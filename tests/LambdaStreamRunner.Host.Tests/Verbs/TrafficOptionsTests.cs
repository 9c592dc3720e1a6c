using System.CommandLine;
using LambdaStreamRunner.Host.Traces;
using LambdaStreamRunner.Host.Verbs;

namespace LambdaStreamRunner.Host.Tests.Verbs;

public sealed class TrafficOptionsTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private readonly TrafficOptions _options = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("Poisson, 500/s for 10 min, 1,000 keys (Zipf 1), 1,000 B", "--rate", "500")]
    [InlineData("evenly spaced, 5/s for 90 s, 3 keys (equally frequent), 10-20 B", "--rate", "5", "--profile", "steady", "--duration", "90s", "--keys", "3", "--key-distribution", "uniform", "--bytes", "10-20")]
    [InlineData("Poisson, 5/s (bursts of 4x for 2 s every 30 s) for 10 min, one key, 7 B", "--rate", "5", "--profile", "bursts", "--burst-factor", "4", "--burst-length", "2s", "--burst-every", "30s", "--key-distribution", "one", "--bytes", "7")]
    [InlineData("Poisson, 5/s (bursts for 5 s every 60 s) for 10 min, all keys distinct, 1,000 B", "--rate", "5", "--profile", "bursts", "--burst-factor", "infinity", "--key-distribution", "distinct")]
    [InlineData("Poisson, 5/s (a day whose peak is 9x its trough) for 24 h, 1,000 keys (Zipf 1.2), 500 B at the median, 8,000 B at p99 (lognormal)", "--rate", "5", "--profile", "daily", "--peak-to-trough", "9", "--key-distribution", "zipf:1.2", "--bytes", "lognormal:500:8000")]
    public async Task A_profile_is_made_as_it_is_said(string description, params string[] arguments)
    {
        using OpenedTraffic opened = await OpenAsync(arguments);

        Assert.Equal(description, opened.Traffic.Description);
    }

    [Fact]
    public async Task A_trace_was_cut_before_it_was_sped_up()
    {
        string trace = _workspace.Write("a.csv", "timeMs,partitionKey,bytes\n0,a,1\n1000,a,1\n5000,a,1\n");

        using OpenedTraffic opened = await OpenAsync("--trace", trace, "--duration", "200ms", "--trace-speed", "10");

        Assert.Equal(2, opened.Traffic.Count);
        Assert.Equal(TimeSpan.FromMilliseconds(100), opened.Traffic.Duration);
    }

    [Fact]
    public async Task Keys_and_sizes_that_a_trace_has_are_said_to_win()
    {
        string trace = _workspace.Write("a.csv", "timeMs,partitionKey,bytes\n0,a,1\n");

        using OpenedTraffic opened = await OpenAsync("--trace", trace, "--keys", "7", "--bytes", "500");

        Assert.Collection(opened.Warnings, keys => Assert.StartsWith("--keys changes nothing", keys, StringComparison.Ordinal), bytes => Assert.StartsWith("--bytes changes nothing", bytes, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Which records come?")]
    [InlineData("give one of them", "--rate", "1", "--trace", "-")]
    [InlineData("--trace: 'nothing.csv' cannot be read", "--trace", "nothing.csv")]
    [InlineData("is a folder", "--trace", "/")]
    [InlineData("--rate is 0; it takes a number above 0", "--rate", "0")]
    [InlineData("--profile is 'odd'; it takes poisson, steady, bursts or daily", "--rate", "1", "--profile", "odd")]
    [InlineData("--profile goes with --rate", "--trace", "-", "--profile", "steady")]
    [InlineData("--burst-factor goes with --rate and --profile bursts", "--rate", "1", "--burst-factor", "3")]
    [InlineData("--burst-factor is 1; it takes", "--rate", "1", "--profile", "bursts", "--burst-factor", "1")]
    [InlineData("a burst must end before the next", "--rate", "1", "--profile", "bursts", "--burst-length", "60s")]
    [InlineData("--peak-to-trough is 0; it takes", "--rate", "1", "--profile", "daily", "--peak-to-trough", "0")]
    [InlineData("--sort goes with --trace", "--rate", "1", "--sort")]
    [InlineData("--max-gap goes with --trace", "--rate", "1", "--max-gap", "3")]
    [InlineData("--keys is 0; it takes 1 to 1000000", "--rate", "1", "--keys", "0")]
    [InlineData("--key-distribution is 'zipf:x'; it takes", "--rate", "1", "--key-distribution", "zipf:x")]
    [InlineData("--bytes is '9-3'; it takes", "--rate", "1", "--bytes", "9-3")]
    [InlineData("--duration is 'long'; it takes a number with ms, s, m, h or d", "--rate", "1", "--duration", "long")]
    [InlineData("--trace-speed is 0", "--rate", "1", "--trace-speed", "0")]
    [InlineData("--journal-mapping goes with --journal", "--rate", "1", "--journal-mapping", "x")]
    public async Task What_makes_no_sense_is_refused(string complaint, params string[] arguments) =>
        Assert.Contains(complaint, string.Join('\n', await ComplaintsAsync(arguments)), StringComparison.Ordinal);

    [Fact]
    public async Task All_mistakes_are_said_at_once() =>
        Assert.Equal(4, (await ComplaintsAsync("--rate", "0", "--keys", "0", "--bytes", "x", "--trace-speed", "0")).Count);

    [Fact]
    public async Task A_bad_line_of_a_trace_is_a_complaint() => Assert.Contains(
        "line 2 has bytes 'x'",
        Assert.Single(await ComplaintsAsync("--trace", _workspace.Write("bad.csv", "timeMs,partitionKey,bytes\n0,a,x\n"))),
        StringComparison.Ordinal);

    [Fact]
    public async Task What_is_no_journal_is_a_complaint() =>
        Assert.Single(await ComplaintsAsync("--journal", _workspace.Write("bad.journal", "no journal\n")));

    private async Task<List<string>> ComplaintsAsync(params string[] arguments)
    {
        List<string> complaints = [];
        Assert.Null(await _options.OpenAsync(Parse(arguments), null, complaints.Add, TestContext.Current.CancellationToken));
        return complaints;
    }

    private async Task<OpenedTraffic> OpenAsync(params string[] arguments)
    {
        OpenedTraffic? opened = await _options.OpenAsync(Parse(arguments), null, complaint => Assert.Fail(complaint), TestContext.Current.CancellationToken);
        return Assert.IsType<OpenedTraffic>(opened);
    }

    private ParseResult Parse(string[] arguments)
    {
        var command = new Command("test");
        foreach (Option option in _options.All)
            command.Options.Add(option);
        ParseResult parsed = command.Parse(arguments);
        Assert.Empty(parsed.Errors);
        return parsed;
    }
}
