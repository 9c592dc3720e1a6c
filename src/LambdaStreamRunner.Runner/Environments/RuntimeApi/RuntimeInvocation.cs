using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Runner.Environments.RuntimeApi;

/// <summary>One invocation on its way through an environment.</summary>
/// <param name="eventJson">The event; lent until <see cref="TakeBackAsync"/> has ended.</param>
/// <param name="invocation">Request id and ARN.</param>
/// <param name="deadline">When it is ended.</param>
internal sealed class RuntimeInvocation(ReadOnlyMemory<byte> eventJson, FunctionInvocation invocation, DateTimeOffset deadline)
{
    private readonly TaskCompletionSource<FunctionResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _delivered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;                                       // 0: nobody has it; 1: it is being handed to a runtime; 2: it was taken back before

    /// <summary>AwsRequestId.</summary>
    public string RequestId { get; } = invocation.RequestId.ToString("D");

    /// <summary>The mapping's FunctionArn.</summary>
    public string InvokedFunctionArn => invocation.InvokedFunctionArn;

    /// <summary>When it is ended.</summary>
    public DateTimeOffset Deadline => deadline;

    /// <summary>A trace id in X-Ray's form, not sampled: runtimes expect one.</summary>
    public string TraceId => $"Root=1-{deadline.ToUnixTimeSeconds():x8}-{invocation.RequestId.ToString("N")[..24]};Parent={invocation.RequestId.ToString("N")[16..]};Sampled=0";

    /// <summary>How it ended.</summary>
    public Task<FunctionResult> Result => _result.Task;

    /// <summary>True when a runtime has been given the event, or a part of it: as soon as the first byte is on its way.</summary>
    /// <remarks>
    /// What a process that has ended had read of it cannot be told any more: the bytes that it had not read went with its socket.
    /// It may have run, so it counts as begun, as on AWS, where a runtime that exits has spent an attempt.
    /// </remarks>
    public bool HasBegun => Volatile.Read(ref _state) == 1;

    /// <summary>Ends it; false when it had ended already.</summary>
    public bool TryEnd(FunctionResult result) => _result.TrySetResult(result);

    /// <summary>Hands the event over.</summary>
    /// <param name="write">Writes it to the runtime.</param>
    /// <returns>False when it was taken back before.</returns>
    public async Task<bool> DeliverAsync(Func<ReadOnlyMemory<byte>, Task> write)
    {
        if (Interlocked.CompareExchange(ref _state, 1, 0) != 0)
            return false;
        try
        {
            await write(eventJson);
            return true;
        }
        finally
        {
            _delivered.TrySetResult();
        }
    }

    /// <summary>Ends the loan of the event: when the task has ended, nobody reads it any more. Whoever reads it must have been cut off before.</summary>
    public Task TakeBackAsync() => Interlocked.CompareExchange(ref _state, 2, 0) == 1 ? _delivered.Task : Task.CompletedTask;
}
