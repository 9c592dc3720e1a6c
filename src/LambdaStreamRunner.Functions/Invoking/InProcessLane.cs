namespace LambdaStreamRunner.Functions.Invoking;

/// <summary>Calls of one function that follow each other. Belongs to its caller: one call at a time.</summary>
public sealed class InProcessLane : IFunctionLane
{
    private readonly InProcessFunction _function;
    private InProcessCall? _earlier;
    private int _isBusy;
    private int _overlappingCalls;

    internal InProcessLane(InProcessFunction function) => _function = function;

    /// <summary>Attempts of this lane that were started while an earlier one, past its deadline, was still running.</summary>
    public int OverlappingCalls => Volatile.Read(ref _overlappingCalls);

    /// <summary>
    /// Calls the handler once and waits for its result or its deadline. When the lane's earlier call ran past its deadline and
    /// is still running, waits for it first, at most until one Timeout after that deadline.
    /// </summary>
    /// <param name="eventJson">The event. It may be used again as soon as the task has ended, also after a timeout.</param>
    /// <param name="invocation">Request id and ARN.</param>
    /// <param name="abandon">Fires when the result no longer matters; not when polling stops.</param>
    /// <exception cref="OperationCanceledException">The call was abandoned; its handler may still be running.</exception>
    /// <exception cref="InvalidOperationException">The lane's earlier call has not ended.</exception>
    public async Task<FunctionResult> InvokeAsync(ReadOnlyMemory<byte> eventJson, FunctionInvocation invocation, CancellationToken abandon)
    {
        if (Interlocked.Exchange(ref _isBusy, 1) == 1)
            throw new InvalidOperationException("A lane makes one call at a time; its earlier call has not ended.");
        try
        {
            await SettleAsync(abandon);
            abandon.ThrowIfCancellationRequested();
            InProcessCall call = _function.Start(eventJson, invocation);
            _earlier = call;
            FunctionResult result = await call.ResultWithinTimeoutAsync(abandon);
            _function.Report(invocation, call.Elapsed, result);
            return result;
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    /// <inheritdoc/>
    public async Task SettleAsync(CancellationToken abandon)
    {
        if (_earlier is not { } earlier || await earlier.HasReturnedInGraceAsync(abandon))
            return;
        Interlocked.Increment(ref _overlappingCalls);
        _function.CallsOverlap(earlier.RequestId);
    }
}
