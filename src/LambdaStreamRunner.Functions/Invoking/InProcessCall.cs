using System.Diagnostics.CodeAnalysis;

namespace LambdaStreamRunner.Functions.Invoking;

/// <summary>One call of a handler and its deadline.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A handler that runs late may still hold the stream; it owns nothing but memory.")]
internal sealed class InProcessCall
{
    private readonly InProcessFunction _function;
    private readonly EventStream _event;
    private readonly long _started;

    public InProcessCall(InProcessFunction function, ReadOnlyMemory<byte> eventJson, string requestId)
    {
        _function = function;
        _event = new EventStream(eventJson);
        _started = function.Time.GetTimestamp();
        RequestId = requestId;
    }

    public string RequestId { get; }

    /// <summary>The handler's own end, however late.</summary>
    public Task<FunctionResult> Returned { get; private set; } = Task.FromException<FunctionResult>(new InvalidOperationException("The call has not been started."));

    /// <summary>Time since it began.</summary>
    public TimeSpan Elapsed => _function.Time.GetElapsedTime(_started);

    private TimeSpan Timeout => _function.Settings.Timeout;

    public void Run(BoundFunction function, string invokedFunctionArn, Action<FunctionLogLine>? logLine)
    {
        var context = new FunctionContext(_function.Settings)
        {
            RequestId = RequestId,
            InvokedFunctionArn = invokedFunctionArn,
            RemainingTime = RemainingTime,
            LogLine = logLine,
        };
        Returned = Task.Run(() => function.InvokeAsync(_event, context));
    }

    /// <summary>The result, or <see cref="FunctionResult.TimedOut"/> at the deadline; afterwards the event's memory is the caller's again.</summary>
    public async Task<FunctionResult> ResultWithinTimeoutAsync(CancellationToken abandon)
    {
        try
        {
            return await Returned.WaitUnlessDebuggedAsync(Timeout - Elapsed, _function, abandon);
        }
        catch (TimeoutException)
        {
            return FunctionResult.TimedOut.At(_function.Time.GetUtcNow(), RequestId, Timeout);
        }
        finally
        {
            _event.TakeBack();
        }
    }

    /// <summary>Waits until the handler has returned, at most until one Timeout after the deadline; false when it still runs.</summary>
    public async Task<bool> HasReturnedInGraceAsync(CancellationToken abandon)
    {
        if (Returned.IsCompleted)
            return true;
        try
        {
            await Returned.WaitUnlessDebuggedAsync((2 * Timeout) - Elapsed, _function, abandon);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Deadline minus now; all of the Timeout while a debugger holds the clock, so that handlers do not give up.</summary>
    private TimeSpan RemainingTime() => _function.IsDebuggerAttached() ? Timeout : Timeout - Elapsed;
}

/// <summary>Waiting for a handler.</summary>
internal static class HandlerWaiting
{
    /// <summary>Waits for the handler; when a debugger is attached at the end of the time, waits as long again.</summary>
    /// <exception cref="TimeoutException">The time is over.</exception>
    public static async Task<FunctionResult> WaitUnlessDebuggedAsync(
        this Task<FunctionResult> returned, TimeSpan patience, InProcessFunction function, CancellationToken abandon)
    {
        while (true)
        {
            try
            {
                return await returned.WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, function.Time, abandon);
            }
            catch (TimeoutException) when (function.IsDebuggerAttached())
            {
                function.DebuggerStopsTheClock();
                patience = function.Settings.Timeout;
            }
        }
    }
}
