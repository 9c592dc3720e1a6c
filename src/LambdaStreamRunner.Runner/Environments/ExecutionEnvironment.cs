using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Environments.Processes;
using LambdaStreamRunner.Runner.Environments.RuntimeApi;

namespace LambdaStreamRunner.Runner.Environments;

/// <summary>One execution environment: a process with a Runtime API of its own, started for a function and used for one invocation at a time.</summary>
internal sealed class ExecutionEnvironment : IAsyncDisposable
{
    /// <summary>How long an invocation has, as a debugged function is told.</summary>
    private static readonly TimeSpan DebuggingTime = TimeSpan.FromDays(1);

    private readonly RuntimeChannel _runtime;
    private readonly RuntimeApiPort _port;
    private readonly EnvironmentFolder _folder;
    private readonly EnvironmentProcess _process;
    private readonly EnvironmentLog _log;
    private readonly TimeProvider _time;
    private volatile bool _isKilled;

    private ExecutionEnvironment(
        FunctionSettings settings, RuntimeChannel runtime, RuntimeApiPort port, EnvironmentFolder folder, EnvironmentProcess process, EnvironmentLog log, TimeProvider time) =>
        (Settings, _runtime, _port, _folder, _process, _log, _time) = (settings, runtime, port, folder, process, log, time);

    /// <summary>What the function is told; the name of the log stream is this environment's own.</summary>
    public FunctionSettings Settings { get; }

    /// <summary>The process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Ends when the process has ended.</summary>
    public Task<ProcessExit> Exited => _process.Exited;

    /// <summary>True while the process runs and nobody has ended it.</summary>
    public bool IsAlive => !_isKilled && !_process.Exited.IsCompleted;

    /// <summary>Most memory so far, in MB; null where it cannot be told.</summary>
    public int? MaxMemoryUsed => _process.MaxMemoryUsedMegabytes;

    /// <summary>When it answered last, by the clock's timestamps.</summary>
    public long IdleSince { get; private set; }

    /// <summary>Starts the process; it is not initialized yet.</summary>
    /// <exception cref="FunctionLoadException">The process cannot be started.</exception>
    public static async Task<ExecutionEnvironment> StartAsync(
        EnvironmentBlueprint blueprint, RuntimeApiServer api, FunctionListener listener, TimeProvider time, CancellationToken abandon)
    {
        FunctionSettings settings = blueprint.Settings with
        {
            LogStreamName = FunctionSettings.LogStreamNameOf(blueprint.Settings.FunctionVersion, time.GetUtcNow(), Guid.NewGuid()),
        };
        var runtime = new RuntimeChannel();
        RuntimeApiPort port = api.Open(runtime);
        EnvironmentFolder? folder = null;
        try
        {
            folder = EnvironmentFolder.Create();
            var log = new EnvironmentLog(settings.FunctionName, listener);
            EnvironmentProcess process = await EnvironmentProcess.StartAsync(blueprint.StartOf(settings, port.Address, folder.Path), log.Write, abandon);
            return new ExecutionEnvironment(settings, runtime, port, folder, process, log, time);
        }
        catch
        {
            port.Dispose();
            folder?.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the runtime asks for its first invocation; null when it did, or what went wrong. An environment that failed is of no use.</summary>
    /// <param name="patience">How long it may take.</param>
    /// <param name="abandon">Fires when nobody needs it any more.</param>
    /// <exception cref="TimeoutException">It takes longer.</exception>
    public async Task<FunctionError?> InitializeAsync(TimeSpan patience, CancellationToken abandon)
    {
        Task first = await Task.WhenAny(_runtime.Initialized, _process.Exited).WaitAsync(patience, _time, abandon);
        if (_runtime.Initialized.IsCompleted)
            return await _runtime.Initialized;
        await first;
        return ExitError(await _process.Exited, null);
    }

    /// <summary>Gives the function one event; null when the process was gone before it had a byte of it.</summary>
    /// <param name="eventJson">The event; not used after the task has ended.</param>
    /// <param name="invocation">Request id and ARN.</param>
    /// <param name="timeout">After which the process is ended; null: never, since somebody debugs it.</param>
    /// <param name="abandon">Fires when the result no longer matters: the process is ended then.</param>
    /// <exception cref="OperationCanceledException">It was abandoned.</exception>
    public async Task<FunctionResult?> InvokeAsync(ReadOnlyMemory<byte> eventJson, FunctionInvocation invocation, TimeSpan? timeout, CancellationToken abandon)
    {
        var running = new RuntimeInvocation(eventJson, invocation, _time.GetUtcNow() + (timeout ?? DebuggingTime));
        _log.Running = running.RequestId;
        try
        {
            _runtime.Offer(running);
            Task ended = await Task.WhenAny(running.Result, _process.Exited).WaitAsync(timeout ?? Timeout.InfiniteTimeSpan, _time, abandon);
            if (running.Result.IsCompleted)
                return await running.Result;
            await ended;
            ProcessExit exit = await _process.Exited;
            if (!running.HasBegun)
                return null;
            running.TryEnd(new FunctionResult.Failed(ExitError(exit, running.RequestId)));
            return await running.Result;                      // an answer just before the end is one
        }
        catch (TimeoutException)
        {
            if (!running.TryEnd(FunctionResult.TimedOut.At(_time.GetUtcNow(), running.RequestId, Settings.Timeout)))
                return await running.Result;                  // just in time
            Kill();
            return await running.Result;
        }
        catch (OperationCanceledException)
        {
            Kill();
            throw;
        }
        finally
        {
            if (running.Result.Status is not TaskStatus.RanToCompletion || running.Result.Result is FunctionResult.TimedOut)
                Kill();                                       // who may still read the event is cut off
            await TakeBackAsync(running, timeout is null ? Timeout.InfiniteTimeSpan : running.Deadline - _time.GetUtcNow(), abandon);
            IdleSince = _time.GetTimestamp();
        }
    }

    /// <summary>How the process has ended, or will have, as Lambda tells it to the invocation that it was started for.</summary>
    public async Task<FunctionError> ExitErrorAsync(Guid requestId) => ExitError(await Exited, requestId.ToString("D"));

    /// <summary>Ends the process, and whatever it has started.</summary>
    public void Kill()
    {
        _isKilled = true;
        _process.Kill();
        _port.Dispose();
    }

    /// <summary>Ends the process, waits for its end, and removes what it has left.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        try
        {
            await _process.DisposeAsync();
        }
        finally
        {
            _folder.Dispose();
        }
    }

    // A runtime may answer before it has read all of its event, and then never read on: it is cut off at the deadline.
    private async Task TakeBackAsync(RuntimeInvocation running, TimeSpan left, CancellationToken abandon)
    {
        Task back = running.TakeBackAsync();
        if (back.IsCompleted)
            return;
        try
        {
            TimeSpan patience = left < TimeSpan.Zero && left != Timeout.InfiniteTimeSpan ? TimeSpan.Zero : left;
            await Task.WhenAny(back, _process.Exited).WaitAsync(patience, _time, abandon);
        }
        catch (Exception enough) when (enough is TimeoutException or OperationCanceledException)
        {
            // It had its time.
        }
        if (!back.IsCompleted)
            Kill();
        await back;
    }

    /// <summary>The end of a process in Lambda's words.</summary>
    private static FunctionError ExitError(ProcessExit exit, string? requestId)
    {
        string how = exit.Code == 0 ? "Runtime exited without providing a reason" : $"Runtime exited with error: {exit}";
        string where = requestId is null ? "" : $"RequestId: {requestId} ";
        return exit.WasOutOfMemory
            ? new FunctionError("Runtime.OutOfMemory", $"{where}Error: Runtime exited with error: signal: killed", [])
            : new FunctionError("Runtime.ExitError", $"{where}Error: {how}", []);
    }
}
