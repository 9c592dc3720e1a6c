using System.Text.Json;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary>Ctrl+C, SIGTERM and SIGHUP: the first settles what is in flight, the second abandons it; the sums add up either way.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("TERM", 200_000)]
    [InlineData("INT", 20_000)]
    [InlineData("HUP", 20_000)]
    public async Task A_signal_amid_slow_records_settles_what_is_in_flight_and_accounts_for_every_record(string signal, int count)
    {
        string config = _workspace.Configure("Slow", new() { ["ParallelizationFactor"] = 4, ["BatchSize"] = 10 });
        _workspace.WriteLines("lines", Enumerable.Range(1, count).Select(number => $"{number % 100}"));
        await using LambdaStream program = LambdaStream.Start(
            _workspace, "run", "--config", config, "--port", "0", "--input", "lines", "--stream", "clicks", "--partition-key", "/\\d+/", "--until-drained", "--json");
        await program.SaysAsync("the first batch is here");
        await program.SaysAsync($"{count:N0}");               // progress: everything is put

        await program.SignalAsync(signal);

        Assert.Equal(1, await program.ExitAsync());
        JsonElement mapping = LambdaStream.MappingOf(program.Out);
        Assert.Equal(count, LambdaStream.Count(mapping, "records"));
        Assert.InRange(LambdaStream.Count(mapping, "succeeded"), 1, count - 1);
        long invocations = LambdaStream.Count(mapping, "invocations");
        Assert.Contains($"begun {invocations}, ended {invocations}", program.Error, StringComparison.Ordinal);
        Assert.Equal(0, LambdaStream.Count(mapping, "orderViolations") + LambdaStream.Count(mapping, "discarded"));
    }

    [Fact]
    public async Task A_second_signal_abandons_a_handler_that_never_ends()
    {
        string config = _workspace.Configure("Hang", timeout: 900);
        _workspace.WriteLines("lines", ["one"]);
        await using LambdaStream program = LambdaStream.Start(
            _workspace, "run", "--config", config, "--port", "0", "--input", "lines", "--stream", "clicks", "--partition-key", "a", "--json");
        await program.SaysAsync("the first batch is here");

        await program.SignalAsync("TERM");
        await program.SaysAsync("Stopping: settling what is in flight.");
        await program.SignalAsync("TERM");

        Assert.Equal(1, await program.ExitAsync());
        JsonElement mapping = LambdaStream.MappingOf(program.Out);
        Assert.Equal((1, 0, 1), (LambdaStream.Count(mapping, "records"), LambdaStream.Count(mapping, "succeeded"), LambdaStream.Count(mapping, "unsettled")));
    }

    [Fact]
    public async Task A_signal_amid_feeding_a_file_says_how_much_of_it_was_put()
    {
        string lines = _workspace.Write("lines", "one\ntwo\n");
        using (FileStream file = File.OpenWrite(lines))
            file.SetLength(1L << 40);                         // no end in sight, and it takes no room
        await using LambdaStream program = LambdaStream.Start(
            _workspace, "run", "--config", _workspace.Configure("Succeed"), "--port", "0", "--input", "lines", "--stream", "clicks", "--partition-key", "a", "--json");
        await program.SaysAsync("2 of 2 settled");

        await program.SignalAsync("TERM");

        Assert.Equal(1, await program.ExitAsync());
        Assert.Contains("lines: interrupted after 2 records; the rest was not put.", program.Error, StringComparison.Ordinal);
        Assert.Equal(2, LambdaStream.Count(LambdaStream.MappingOf(program.Out), "succeeded"));
    }

    [Theory]
    [InlineData("-")]
    [InlineData("/dev/stdin")]
    public async Task A_signal_ends_a_run_that_waits_for_its_standard_input(string input)
    {
        await using LambdaStream run = LambdaStream.Start(
            _workspace, "run", "--config", _workspace.Configure("Succeed"), "--port", "0", "--input", input, "--stream", "clicks", "--partition-key", "a", "--json");
        await WriteLinesAsync(run, 20);
        await run.SaysAsync("20 of 20 settled");

        await run.SignalAsync("INT");

        Assert.Equal(0, await run.ExitAsync());
        Assert.Equal(20, LambdaStream.Count(LambdaStream.MappingOf(run.Out), "succeeded"));
    }

    [Fact]
    public async Task A_signal_ends_a_put_that_waits_for_its_standard_input()
    {
        await using LambdaStream server = LambdaStream.Start(_workspace, "run", "--config", _workspace.Configure("Succeed"), "--port", "0");
        string endpoint = (await server.EndpointAsync()).ToString();
        await using LambdaStream put = LambdaStream.Start(_workspace, "put", "--stream", "clicks", "--partition-key", "a", "--endpoint", endpoint, "--json");
        await WriteLinesAsync(put, 501);
        await server.SaysAsync("501 of 501 settled");

        await put.SignalAsync("INT");

        Assert.Equal(1, await put.ExitAsync());
        JsonElement result = JsonSerializer.Deserialize<JsonElement>(put.Out);
        Assert.Equal((501, 501, 0), (LambdaStream.Count(result, "records"), LambdaStream.Count(result, "put"), LambdaStream.Count(result, "notPut")));
        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitAsync());
    }

    private static async Task WriteLinesAsync(LambdaStream program, int count)
    {
        await program.Input.WriteAsync(string.Concat(Enumerable.Repeat("line\n", count)));
        await program.Input.FlushAsync(TestContext.Current.CancellationToken);
    }
}
