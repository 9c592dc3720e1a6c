using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Environments;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.StreamServer.Tests.Clients;

namespace LambdaStreamRunner.Runner.Tests.Environments;

/// <summary>A function of processes that run <c>Bootstraps/bootstrap.py</c>, and what was heard of it.</summary>
internal sealed class TestFunction : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly EnvironmentHost _host;
    private readonly ProcessFunction _function;
    private readonly EnvironmentCounts _counts = new();

    private TestFunction(EnvironmentHost host, EnvironmentBlueprint blueprint)
    {
        _host = host;
        _function = new ProcessFunction(blueprint, host, _counts);
    }

    public ConcurrentQueue<FunctionLogLine> Log { get; } = new();

    public ConcurrentQueue<InvocationReport> Reports { get; } = new();

    public EnvironmentSummary Counts => _counts.Summarize();

    /// <param name="handler">What the bootstrap does.</param>
    /// <param name="time">Real time by default; processes are real in any case.</param>
    /// <param name="timeout">30 s by default.</param>
    /// <param name="notice">Hears remarks about environments.</param>
    /// <param name="memorySize">Enough by default.</param>
    /// <param name="logLine">Hears lines, before they are kept.</param>
    /// <param name="variables">The function's own.</param>
    public static async Task<TestFunction> StartAsync(
        string handler, TimeProvider? time = null, TimeSpan? timeout = null, Action<string>? notice = null, int memorySize = 512,
        Action<FunctionLogLine>? logLine = null, params (string Name, string Value)[] variables)
    {
        ClientProcess.Require(Python, "python3");
        TestFunction? function = null;
        var listener = new FunctionListener
        {
            LogLine = line =>
            {
                logLine?.Invoke(line);
                function!.Log.Enqueue(line);
            },
            Report = report => function!.Reports.Enqueue(report),
            Notice = notice,
        };
        EnvironmentHost host = await EnvironmentHost.OpenAsync(listener, time ?? TimeProvider.System, TestContext.Current.CancellationToken);
        string folder = Path.Combine(AppContext.BaseDirectory, "Bootstraps");
        var plan = new EnvironmentPlan
        {
            Command = Python,
            Arguments = [Path.Combine(folder, "bootstrap.py")],
            TaskRoot = folder,
            Handler = handler,
            Variables = variables.ToImmutableDictionary(variable => variable.Name, variable => variable.Value),
        };
        var settings = new FunctionSettings { FunctionName = "Odd", Timeout = timeout ?? TimeSpan.FromSeconds(30), MemorySize = memorySize };
        return function = new TestFunction(host, new EnvironmentBlueprint(plan, settings, "eu-west-1"));
    }

    public Task<FunctionResult> InvokeAsync(string eventJson = "{}") => InvokeUntilAsync(eventJson, CancellationToken.None);

    /// <summary>Invokes it until somebody has no more use for the result.</summary>
    public Task<FunctionResult> InvokeUntilAsync(string eventJson, CancellationToken abandon) =>
        _function.OpenLane().InvokeAsync(Encoding.UTF8.GetBytes(eventJson), new FunctionInvocation(Guid.NewGuid(), "arn:aws:lambda:eu-west-1:000000000000:function:Odd:live"), abandon);

    public async Task<JsonElement> AnswerAsync(string eventJson = "{}")
    {
        FunctionResult result = await InvokeAsync(eventJson);
        Assert.True(result is FunctionResult.Succeeded, $"{result}\n{string.Join('\n', Log.TakeLast(20).Select(line => line.Text))}");
        return JsonSerializer.Deserialize<JsonElement>(((FunctionResult.Succeeded)result).Answer.Span);
    }

    public async Task<FunctionError> ErrorAsync(string eventJson = "{}") => Assert.IsType<FunctionResult.Failed>(await InvokeAsync(eventJson)).Error;

    /// <summary>Waits until a line is in the log.</summary>
    public async Task<FunctionLogLine> LineAsync(Func<FunctionLogLine, bool> isIt)
    {
        while (true)
        {
            if (Log.FirstOrDefault(isIt) is { } line)
                return line;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _function.DisposeAsync();
        await _host.DisposeAsync();
    }
}
