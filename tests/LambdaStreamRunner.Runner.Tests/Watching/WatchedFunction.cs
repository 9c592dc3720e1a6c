using System.Collections.Concurrent;
using System.Text;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Runner.Tests.Environments.Runtimes;
using LambdaStreamRunner.Runner.Watching;

namespace LambdaStreamRunner.Runner.Tests.Watching;

/// <summary>A function whose files a test edits, and what was said of it. The test looks when it wants to.</summary>
internal sealed class WatchedFunction : IAsyncDisposable
{
    private readonly FunctionCatalog _catalog;

    private WatchedFunction(FunctionCatalog catalog, FunctionWatch watch, ConcurrentQueue<string> said, ConcurrentQueue<string> warnings) =>
        (_catalog, Watch, Said, Warnings) = (catalog, watch, said, warnings);

    public FunctionWatch Watch { get; }

    public ConcurrentQueue<string> Said { get; }

    public ConcurrentQueue<string> Warnings { get; }

    public IFunction Function { get; private set; } = null!;

    public static async Task<WatchedFunction> LoadAsync(FunctionConfiguration function, TimeProvider? time = null, FunctionListener? listener = null)
    {
        if (function.Runtime is { } runtime)
            RuntimeProcess.Require(runtime.StartsWith("python", StringComparison.Ordinal) ? "/usr/bin/python3" : "/usr/bin/node");
        var catalog = new FunctionCatalog(time ?? TimeProvider.System, listener ?? FunctionListener.Silent) { IsWatched = true };
        ConcurrentQueue<string> said = new(), warnings = new();
        var watched = new WatchedFunction(catalog, new FunctionWatch(catalog, time ?? TimeProvider.System, said.Enqueue, warnings.Enqueue), said, warnings);
        watched.Function = await catalog.GetAsync(function, FunctionConfiguration.Latest, TestContext.Current.CancellationToken);
        return watched;
    }

    public Task LookAsync() => Watch.LookAsync(TestContext.Current.CancellationToken);

    /// <summary>One look sees what has changed, the next that it is quiet.</summary>
    public async Task LookTwiceAsync()
    {
        await LookAsync();
        await LookAsync();
    }

    public static async Task<string> AnswerAsync(IFunctionLane lane, string eventJson = "{}")
    {
        FunctionResult result = await lane.InvokeAsync(Encoding.UTF8.GetBytes(eventJson), new FunctionInvocation(Guid.NewGuid(), CodeFolder.FunctionArn), TestContext.Current.CancellationToken);
        return result is FunctionResult.Succeeded succeeded ? Encoding.UTF8.GetString(succeeded.Answer.Span).Trim('"') : $"{result}";
    }

    public Task<string> AnswerAsync() => AnswerAsync(Function.OpenLane());

    public async ValueTask DisposeAsync()
    {
        await Watch.DisposeAsync();
        await _catalog.DisposeAsync();
    }
}
