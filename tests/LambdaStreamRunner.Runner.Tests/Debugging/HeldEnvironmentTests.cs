using System.Collections.Concurrent;
using System.Text;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Debugging;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.Runner.Tests.Environments.Runtimes;
using LambdaStreamRunner.Runner.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.Debugging;

/// <summary>A JavaScript function that waits for its debugger on the first line: node does that, and a debugger of ours lets it go on.</summary>
public sealed class HeldEnvironmentTests : IDisposable
{
    private readonly CodeFolder _code = new(("index.js", "let count = 0; exports.handler = async () => `${process.pid} ${++count}`;"));
    private readonly int _port = NodeDebugger.FreePort();

    public HeldEnvironmentTests() => RuntimeProcess.Require("/usr/bin/node");

    public void Dispose() => _code.Dispose();

    [Fact]
    public async Task Nothing_times_out_while_it_is_held_and_invocations_come_in_turn_into_one_environment()
    {
        var time = new FakeTimeProvider();
        ConcurrentQueue<string> warnings = new();
        await using var catalog = new FunctionCatalog(time, new FunctionListener { Warning = warnings.Enqueue }) { Debugging = new FunctionDebugging("shop", _port) };
        FunctionConfiguration configuration = _code.Function("nodejs20.x", "index.handler") with { Timeout = TimeSpan.FromSeconds(3) };
        IFunction latest = await catalog.GetAsync(configuration, FunctionConfiguration.Latest, TestContext.Current.CancellationToken);
        IFunction published = await catalog.GetAsync(configuration, FunctionConfiguration.PublishedVersion, TestContext.Current.CancellationToken);
        Task<string>[] invocations = [AnswerAsync(latest), AnswerAsync(latest), AnswerAsync(published)];
        using NodeDebugger debugger = await NodeDebugger.AttachAsync(_port);

        time.Advance(TimeSpan.FromHours(1));
        Assert.All(invocations, invocation => Assert.False(invocation.IsCompleted));
        await debugger.ContinueAsync();

        string[] answers = await Task.WhenAll(invocations);
        Assert.Equal(["1", "2", "3"], answers.Select(answer => answer.Split(' ')[1]).Order());
        Assert.Single(answers.Select(answer => answer.Split(' ')[0]).Distinct());
        Assert.StartsWith($"shop: Attach a JavaScript debugger to 127.0.0.1:{_port} (", Assert.Single(warnings), StringComparison.Ordinal);
    }

    /// <summary>In real time, with a clock for record ages that is a thousand times as fast.</summary>
    [Fact]
    public async Task Records_behind_a_held_environment_are_not_discarded_for_their_age()
    {
        var options = new StreamRunnerOptions { Speed = 1000, Debugging = new FunctionDebugging("Clicks", _port) };
        options.AddStream("clicks")
            .AddFunction("Clicks", function => function with { Hosting = FunctionHosting.Process, Runtime = "nodejs20.x", CodeUri = _code.Path, Handler = "index.handler", MemorySizeMegabytes = 256 })
            .AddMapping("clicks", "Clicks", mapping => mapping with { MaximumRecordAge = TimeSpan.FromSeconds(60), BatchSize = 1 });
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        runner.Put("clicks", "a", "1");
        runner.Put("clicks", "a", "2");
        DateTimeOffset put = runner.Clock.GetUtcNow();
        using NodeDebugger debugger = await NodeDebugger.AttachAsync(_port);
        while (runner.Clock.GetUtcNow() - put < TimeSpan.FromSeconds(120))
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);

        await debugger.ContinueAsync();
        await runner.DrainAsync();

        MappingSummary summary = Assert.Single(runner.Summarize().Mappings);
        Assert.Equal((2L, 0L, 2L), (summary.Succeeded, summary.Discarded, summary.Invocations));
    }

    private static async Task<string> AnswerAsync(IFunction function)
    {
        FunctionResult result = await function.OpenLane().InvokeAsync("{}"u8.ToArray(), new FunctionInvocation(Guid.NewGuid(), CodeFolder.FunctionArn), TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(Assert.IsType<FunctionResult.Succeeded>(result).Answer.Span).Trim('"');
    }
}
