using System.CommandLine;
using LambdaStreamRunner.Host.Verbs;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Host.Tests.Verbs;

public sealed class HandlerOptionsTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private readonly HandlerOptions _options = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task An_expression_and_failures_make_a_choice()
    {
        await using HandlerChoice choice = await ReadAsync(
            "--handler-model", "20ms + 1ms/record", "--timeout", "10", "--poison-rate", "0.001", "--transient-rate", "0.01",
            "--outage", "2min-3min", "--outage", "10s-20s", "--cold-start", "400ms", "--reserved-concurrency", "5", "--memory-size", "512");

        Assert.Equal("20ms + 1ms/record", HandlerModelExpression.Write(choice.Model));
        Assert.Equal((TimeSpan.FromSeconds(10), 512), (choice.Model.Timeout, choice.Model.MemorySize));
        Assert.Equal([TimeSpan.FromMilliseconds(400)], choice.Model.ColdStarts);
        Assert.Equal((0.001, 0.01), (choice.Failures.PoisonRate, choice.Failures.TransientRate));
        Assert.Equal(
            [new Outage(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)), new Outage(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3))], choice.Failures.Outages);
        Assert.Equal(5, choice.ReservedConcurrency);
        Assert.Null(choice.Function);
    }

    [Fact]
    public async Task A_file_gives_its_memory_curve_too()
    {
        string file = _workspace.Write("model.json", """
            { "version": 1, "fixedMs": 20, "perRecordMs": 1, "memorySize": 128, "memoryCurve": [{ "memorySize": 128, "durationMs": 80 }, { "memorySize": 1024, "durationMs": 10 }] }
            """);

        await using HandlerChoice choice = await ReadAsync("--handler-model", file, "--memory-size", "1024");

        Assert.Equal("2.5ms + 125us/record", HandlerModelExpression.Write(choice.Model));
    }

    [Theory]
    [InlineData(0.0001)]
    [InlineData(0, "--poison-rate", "0")]
    [InlineData(0.5, "--poison-rate", "0.5")]
    public async Task Records_that_failed_while_it_was_measured_fail_in_the_simulation_unless_the_command_line_knows_better(double rate, params string[] arguments)
    {
        string file = _workspace.Write("model.json", """{ "version": 1, "fixedMs": 20, "failingRecords": { "count": 1, "of": 10000 } }""");

        await using HandlerChoice choice = await ReadAsync(["--handler-model", file, .. arguments]);

        Assert.Equal(rate, choice.Failures.PoisonRate);
    }

    [Fact]
    public async Task A_function_beside_an_expression_gives_its_Timeout_and_MemorySize()
    {
        string config = _workspace.Configure("Succeed", timeout: 42);

        await using HandlerChoice choice = await ReadAsync("--handler-model", "5ms", "--function", "Clicks", "--config", config);

        Assert.Equal((TimeSpan.FromSeconds(42), 128), (choice.Model.Timeout, choice.Model.MemorySize));
        Assert.NotNull(choice.Function);
        Assert.Null(choice.Measured);
    }

    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        string[] mistakes =
        [
            .. _options.Mistakes(Parse(
                "--handler-model", "quick", "--memory-size", "5", "--timeout", "1000", "--poison-rate", "2", "--transient-rate", "-0.5",
                "--outage", "20s-10s", "--outage", "now", "--cold-start", "1ms/record", "--reserved-concurrency", "0")),
        ];

        Assert.Equal(
            ["--handler-model:", "--memory-size", "--timeout", "--poison-rate", "--transient-rate", "--outage", "--outage", "--cold-start:", "--reserved-concurrency"],
            mistakes.Select(mistake => mistake.Split(' ')[0]));
        Assert.Contains("Or name a file that lambda-stream measure wrote.", mistakes[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("How long the function takes is missing: add --handler-model")]
    [InlineData("--handler-model: the file 'gone.json' does not exist. Write it with lambda-stream measure --out.", "--handler-model", "gone.json")]
    public void A_model_that_is_not_there_is_told(string mistake, params string[] arguments) =>
        Assert.StartsWith(mistake, Assert.Single(_options.Mistakes(Parse(arguments))), StringComparison.Ordinal);

    [Fact]
    public void A_file_with_mistakes_is_told_by_its_name()
    {
        string file = _workspace.Write("model.json", """{ "version": 1, "fixedMs": -5 }""");

        Assert.StartsWith($"--handler-model: {file} fixedMs is -5", Assert.Single(_options.Mistakes(Parse("--handler-model", file))), StringComparison.Ordinal);
    }

    private async Task<HandlerChoice> ReadAsync(params string[] arguments)
    {
        ParseResult parsed = Parse(arguments);
        Assert.Empty(_options.Mistakes(parsed));
        (HandlerChoice? choice, int exitCode) = await _options.ReadAsync(parsed, Screen.Open(json: false), TestContext.Current.CancellationToken);
        Assert.Equal(0, exitCode);
        return choice!;
    }

    private ParseResult Parse(params string[] arguments)
    {
        var command = new Command("tune");
        foreach (Option option in _options.All)
            command.Add(option);
        return command.Parse(arguments);
    }
}
