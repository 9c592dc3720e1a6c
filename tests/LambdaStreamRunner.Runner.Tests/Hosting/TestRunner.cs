using System.Text;
using LambdaStreamRunner.Runner.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>What most tests of a hosted runner need. The runner works in real time here: tests wait for what happens, never for a while.</summary>
internal static class TestRunner
{
    /// <summary>Nothing here takes so long unless it hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static StreamRunner Of(StreamRunnerOptions options, TimeProvider? time = null) =>
        new(options, time ?? TimeProvider.System, NullLoggerFactory.Instance);

    public static async Task<StreamRunner> StartedAsync(StreamRunnerOptions options, TimeProvider? time = null)
    {
        StreamRunner runner = Of(options, time);
        await runner.StartAsync(TestContext.Current.CancellationToken);
        return runner;
    }

    public static async Task DrainAsync(this StreamRunner runner)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        await runner.WaitUntilDrainedAsync(patience.Token);
    }

    public static void Put(this StreamRunner runner, string stream, string key, string text) =>
        runner.Streams.Get(stream).Put(key, Encoding.UTF8.GetBytes(text));

    public static Task SoonAsync(this Task task) => task.WaitAsync(Patience, TestContext.Current.CancellationToken);
}
