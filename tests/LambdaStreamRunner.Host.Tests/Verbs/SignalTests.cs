using System.Text.Json;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary>Ctrl+C, SIGTERM and SIGHUP: the first settles what is in flight, the second abandons it; the sums add up either way.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    public async Task A_signal_amid_slow_records_settles_what_is_in_flight_and_accounts_for_every_record(string signal)
    {
        const int Records = 200_000;
        string config = _workspace.Configure("Slow", new() { ["ParallelizationFactor"] = 4, ["BatchSize"] = 10 });
        _workspace.WriteLines("lines", Enumerable.Range(1, Records).Select(number => $"{number % 100}"));
        await using LambdaStream program = LambdaStream.Start(
            _workspace, "run", "--config", config, "--port", "0", "--input", "lines", "--stream", "clicks", "--partition-key", "/\\d+/", "--until-drained", "--json");
        await program.SaysAsync("the first batch is here");
        await program.SaysAsync("200,000");                   // progress: everything is put

        await program.SignalAsync(signal);

        Assert.Equal(1, await program.ExitAsync());
        JsonElement mapping = LambdaStream.MappingOf(program.Out);
        Assert.Equal(Records, LambdaStream.Count(mapping, "records"));
        Assert.InRange(LambdaStream.Count(mapping, "succeeded"), 1, Records - 1);
        Assert.Equal(LambdaStream.Count(mapping, "succeeded"), 10 * LambdaStream.Count(mapping, "invocations"));
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

    [Theory]
    [InlineData("run", "Kinesis endpoint")]
    [InlineData("put", "records put")]
    public async Task A_signal_ends_a_program_that_waits_for_its_standard_input(string verb, string sign)
    {
        await using LambdaStream server = LambdaStream.Start(_workspace, "run", "--config", _workspace.Configure("Succeed"), "--port", "0");
        string endpoint = (await server.EndpointAsync()).ToString();
        string[] arguments = verb == "run"
            ? ["run", "--config", _workspace.Configure("Succeed"), "--port", "0", "--input", "-", "--stream", "clicks", "--partition-key", "a"]
            : ["put", "--stream", "clicks", "--partition-key", "a", "--endpoint", endpoint, "--rate", "5"];
        await using LambdaStream program = LambdaStream.Start(_workspace, arguments);
        await program.Input.WriteAsync(string.Concat(Enumerable.Repeat("line\n", 10)));
        await program.Input.FlushAsync(TestContext.Current.CancellationToken);
        await program.SaysAsync(sign);

        await program.SignalAsync("INT");

        Assert.InRange(await program.ExitAsync(), 0, 1);
        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitAsync());
    }
}
