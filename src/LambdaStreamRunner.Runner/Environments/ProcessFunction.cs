using System.Diagnostics;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Runner.Environments;

/// <summary>A function that runs as Lambda hosts it: a process for each execution environment, behind a Runtime API.</summary>
internal sealed class ProcessFunction : IFunction, IFunctionLane
{
    private readonly EnvironmentBlueprint _blueprint;
    private readonly EnvironmentHost _host;
    private readonly EnvironmentPool _pool;
    private readonly SemaphoreSlim _debugger = new(1);        // who debugs wants to see one invocation at a time

    /// <summary>A function without environments.</summary>
    /// <param name="blueprint">What they are made of.</param>
    /// <param name="host">What all environments share.</param>
    /// <param name="counts">Counts what becomes of them.</param>
    public ProcessFunction(EnvironmentBlueprint blueprint, EnvironmentHost host, EnvironmentCounts counts)
    {
        (_blueprint, _host) = (blueprint, host);
        _pool = new EnvironmentPool(blueprint, host, counts);
    }

    /// <inheritdoc/>
    public FunctionSettings Settings => _blueprint.Settings;

    /// <summary>None: a late invocation is ended with its process.</summary>
    public int OverlappingCalls => 0;

    /// <summary>The function itself: its environments keep invocations apart.</summary>
    public IFunctionLane OpenLane() => this;

    /// <inheritdoc/>
    public async Task<FunctionResult> InvokeAsync(ReadOnlyMemory<byte> eventJson, FunctionInvocation invocation, CancellationToken abandon)
    {
        if (!_blueprint.IsDebugged)
            return await InvokeNowAsync(eventJson, invocation, abandon);
        await _debugger.WaitAsync(abandon);
        try
        {
            return await InvokeNowAsync(eventJson, invocation, abandon);
        }
        finally
        {
            _debugger.Release();
        }
    }

    /// <summary>Starts an environment ahead of the first invocation.</summary>
    /// <param name="abandon">Ends the start.</param>
    /// <exception cref="FunctionLoadException">It cannot be started; the message says why.</exception>
    public async Task WarmUpAsync(CancellationToken abandon)
    {
        StartedEnvironment started = await _pool.RentAsync(abandon);
        if (started.Environment is { } environment)
            await _pool.ReturnAsync(environment);
        else
            throw new FunctionLoadException(ReasonOf(started.Failure!));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync();
        _debugger.Dispose();
    }

    private async Task<FunctionResult> InvokeNowAsync(ReadOnlyMemory<byte> eventJson, FunctionInvocation invocation, CancellationToken abandon)
    {
        while (true)
        {
            StartedEnvironment started = await _pool.RentAsync(abandon);
            if (started.Environment is not { } environment)
                return Failed(started, invocation);
            long start = _host.Time.GetTimestamp();
            FunctionResult? result = await InvokeInAsync(environment, started, eventJson, invocation, abandon);
            if (result is null && started.InitDuration > TimeSpan.Zero)
                result = new FunctionResult.Failed(await environment.ExitErrorAsync(invocation.RequestId));   // another one would do the same
            if (result is null)
                continue;                                     // it ended while it was idle, and has seen nothing of the event
            Report(started, _host.Time.GetElapsedTime(start), invocation, result, environment);
            return result;
        }
    }

    private async Task<FunctionResult?> InvokeInAsync(
        ExecutionEnvironment environment, StartedEnvironment started, ReadOnlyMemory<byte> eventJson, FunctionInvocation invocation, CancellationToken abandon)
    {
        FunctionResult? result;
        try
        {
            result = await environment.InvokeAsync(eventJson, invocation, TimeoutAfter(started), abandon);
        }
        catch (Exception abandoned)
        {
            await _pool.EndAsync(environment, abandoned is OperationCanceledException ? EnvironmentEnd.Retired : EnvironmentEnd.Crashed);
            throw;
        }
        // An environment that is ended is gone before anybody hears of it: the next attempt must not meet this one.
        if (result is FunctionResult.TimedOut)
            await _pool.EndAsync(environment, EnvironmentEnd.TimedOut);
        else if (result is null || !environment.IsAlive)
            await _pool.EndAsync(environment, EnvironmentEnd.Crashed);
        else
            await _pool.ReturnAsync(environment);
        return result;
    }

    private static string ReasonOf(FunctionResult failure) => failure switch
    {
        FunctionResult.Failed failed => failed.Error.ToString(),
        FunctionResult.TimedOut late => late.Message,
        FunctionResult.Refused refused => refused.Reason,
        _ => throw new UnreachableException(),
    };

    // The whole of it is in the log, and is told once more when the watch tries the new files.
    private static string FirstLineOf(string text) => text.Split('\n', 2)[0].TrimEnd();

    private TimeSpan? TimeoutAfter(StartedEnvironment started)
    {
        if (_blueprint.IsDebugged)
            return null;
        TimeSpan left = started.IsWithinInvocation ? Settings.Timeout - started.InitDuration : Settings.Timeout;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private FunctionResult Failed(StartedEnvironment started, FunctionInvocation invocation)
    {
        // Whoever edits must not lose the records that meet a half-written file.
        if (started.Failure is not FunctionResult.Refused && _blueprint.HasChangedSinceLoaded())
            return new FunctionResult.Refused($"The files of '{Settings.FunctionName}' have changed since it was loaded, and a new environment does not start with them: {FirstLineOf(ReasonOf(started.Failure!))}");
        FunctionResult failure = started.Failure is FunctionResult.TimedOut
            ? FunctionResult.TimedOut.At(_host.Time.GetUtcNow(), invocation.RequestId.ToString("D"), Settings.Timeout)
            : started.Failure!;
        if (failure is not FunctionResult.Refused)
            Report(started, TimeSpan.Zero, invocation, failure, environment: null);
        return failure;
    }

    private void Report(StartedEnvironment started, TimeSpan duration, FunctionInvocation invocation, FunctionResult result, ExecutionEnvironment? environment)
    {
        if (_host.Listener.ReportOf(invocation) is not { } report)
            return;
        FunctionSettings settings = environment?.Settings ?? Settings;
        report(new InvocationReport
        {
            FunctionName = settings.FunctionName,
            RequestId = invocation.RequestId.ToString("D"),
            LogStreamName = settings.LogStreamName,
            Duration = started.IsWithinInvocation ? duration + started.InitDuration : duration,
            MemorySize = settings.MemorySize,
            MaxMemoryUsed = environment?.MaxMemoryUsed is { } used ? Math.Min(used, settings.MemorySize) : null,
            InitDuration = started.InitDuration > TimeSpan.Zero && !started.IsWithinInvocation ? started.InitDuration : null,
            Status = InvocationReport.StatusOf(result),
        });
    }
}
