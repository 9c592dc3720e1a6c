namespace LambdaStreamRunner.Functions.Invoking;

/// <summary>A function that can be invoked, wherever it runs: in this process, in processes of its own, or behind another endpoint.</summary>
public interface IFunction : IAsyncDisposable
{
    /// <summary>Name, version, Timeout and the like.</summary>
    FunctionSettings Settings { get; }

    /// <summary>A lane to invoke the function in; one per lane of each shard.</summary>
    IFunctionLane OpenLane();
}

/// <summary>Invocations of one function that follow each other. Belongs to its caller: one invocation at a time.</summary>
public interface IFunctionLane
{
    /// <summary>Attempts of this lane that were started while an earlier one, past its deadline, was still running; 0 where a late invocation is ended.</summary>
    int OverlappingCalls { get; }

    /// <summary>Invokes the function once and waits for its result or its deadline.</summary>
    /// <param name="eventJson">The event. It may be used again as soon as the task has ended, also after a timeout.</param>
    /// <param name="invocation">Request id and ARN.</param>
    /// <param name="abandon">Fires when the result no longer matters; not when polling stops.</param>
    /// <exception cref="OperationCanceledException">The invocation was abandoned.</exception>
    /// <exception cref="InvalidOperationException">The lane's earlier invocation has not ended.</exception>
    Task<FunctionResult> InvokeAsync(ReadOnlyMemory<byte> eventJson, FunctionInvocation invocation, CancellationToken abandon);

    /// <summary>
    /// Waits for an earlier invocation that runs past its deadline, as the next one would, at most until one more Timeout after it.
    /// Nothing to wait for by default: where a late invocation is ended, none is left.
    /// </summary>
    /// <param name="abandon">Fires when nobody needs it any more.</param>
    /// <exception cref="OperationCanceledException">It was abandoned.</exception>
    Task SettleAsync(CancellationToken abandon) => Task.CompletedTask;
}
