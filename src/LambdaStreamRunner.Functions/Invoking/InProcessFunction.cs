using System.Diagnostics;

namespace LambdaStreamRunner.Functions.Invoking;

/// <summary>A function that runs in this process, with Lambda's rules for time.</summary>
/// <remarks>
/// At the deadline an attempt fails and its late result is refused. Nothing can end the old call itself, so the lane's next
/// attempt starts when it has returned, or after one more Timeout, with a warning. While a debugger is attached nothing times out.
/// </remarks>
/// <param name="function">The handler.</param>
/// <param name="settings">Name, Timeout and the like.</param>
/// <param name="time">Real time: Timeout and remaining time do not follow a run's speed.</param>
/// <param name="listener">Receives log lines and warnings; nobody by default.</param>
public sealed class InProcessFunction(BoundFunction function, FunctionSettings settings, TimeProvider time, FunctionListener? listener = null) : IFunction
{
    private readonly FunctionListener _listener = listener ?? FunctionListener.Silent;
    private int _overlappingCalls;
    private int _isDebuggerMentioned;

    /// <summary>The settings given.</summary>
    public FunctionSettings Settings { get; } = settings;

    /// <summary>Attempts that were started while an earlier one of the same lane, past its deadline, was still running.</summary>
    public int OverlappingCalls => Volatile.Read(ref _overlappingCalls);

    internal TimeProvider Time { get; } = time;

    /// <summary>Tests decide this themselves.</summary>
    internal Func<bool> IsDebuggerAttached { get; init; } = () => Debugger.IsAttached;

    /// <summary>A lane to call the function in; one per lane of each shard.</summary>
    public InProcessLane OpenLane() => new(this);

    IFunctionLane IFunction.OpenLane() => OpenLane();

    /// <summary>Nothing: a call that runs late cannot be ended.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Starts a call on a thread of the pool: a handler that never yields must not hold the caller.</summary>
    internal InProcessCall Start(ReadOnlyMemory<byte> eventJson, FunctionInvocation invocation)
    {
        var call = new InProcessCall(this, eventJson, invocation.RequestId.ToString("D"));
        call.Run(function, invocation.InvokedFunctionArn, _listener.LogLine);
        return call;
    }

    /// <summary>Makes the report of an invocation, if somebody reads it. Memory is that of all functions together, so none is told.</summary>
    internal void Report(FunctionInvocation invocation, TimeSpan duration, FunctionResult result)
    {
        if (_listener.ReportOf(invocation) is not { } report)
            return;
        report(new InvocationReport
        {
            FunctionName = Settings.FunctionName,
            RequestId = invocation.RequestId.ToString("D"),
            LogStreamName = Settings.LogStreamName,
            Duration = duration,
            MemorySize = Settings.MemorySize,
            Status = InvocationReport.StatusOf(result),
        });
    }

    internal void CallsOverlap(string requestId)
    {
        Interlocked.Increment(ref _overlappingCalls);
        _listener.Warning?.Invoke(
            $"Function '{Settings.FunctionName}': the call {requestId} is still running {Settings.Timeout.TotalSeconds:0.##} s after its deadline; the next attempt starts beside it.");
    }

    internal void DebuggerStopsTheClock()
    {
        if (Interlocked.Exchange(ref _isDebuggerMentioned, 1) == 0)
            _listener.Warning?.Invoke($"Function '{Settings.FunctionName}': a debugger is attached, so its Timeout is not enforced.");
    }
}
