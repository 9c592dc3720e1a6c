using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Environments.RuntimeApi;

namespace LambdaStreamRunner.Runner.Environments;

/// <summary>What one runtime and its environment have to say to each other: one invocation at a time, each answered once.</summary>
internal sealed class RuntimeChannel : IRuntimeCalls
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<FunctionError?> _initialized = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Request? _waiting;                                // the runtime has asked for the next invocation
    private RuntimeInvocation? _handed;                       // what it has not answered
    private RuntimeInvocation? _offered;                      // what it has not asked for yet

    /// <summary>Ends with null when the runtime is ready, with an error when it could not be.</summary>
    public Task<FunctionError?> Initialized => _initialized.Task;

    /// <summary>Gives the runtime its next invocation, as soon as it asks. One that has asked already is served on this thread, until its event is on its way.</summary>
    /// <remarks>What has asked and hung up is given nothing: it is most likely the process that has ended, and it would look as if it had seen the event.</remarks>
    public void Offer(RuntimeInvocation invocation)
    {
        Request? waiting;
        lock (_gate)
        {
            waiting = _waiting?.HasHungUp() is false ? _waiting : null;
            if (waiting is null)
                _offered = invocation;
            else
                (_waiting, _handed) = (null, invocation);
        }
        waiting?.SetResult(invocation);
    }

    /// <inheritdoc/>
    public async Task<RuntimeInvocation> NextAsync(Func<bool> hasHungUp, CancellationToken gone)
    {
        Request next = new(hasHungUp);
        Request? givenUp;                                     // with its connection, for this one
        lock (_gate)
        {
            if (_handed is { Result.IsCompleted: false } open)
                throw RuntimeCallException.WrongState($"The invocation {open.RequestId} has not been answered yet; POST its response or error first.");
            (givenUp, _waiting) = (_waiting, null);
            if (_offered is { } offered)
            {
                (_offered, _handed) = (null, offered);
                next.SetResult(offered);
            }
            else
            {
                _waiting = next;
            }
        }
        givenUp?.SetCanceled(CancellationToken.None);
        _initialized.TrySetResult(null);
        await using CancellationTokenRegistration registration = gone.Register(() => GiveUp(next, gone));
        return await next.Task;
    }

    // Whoever takes it out of _waiting ends it: nobody else does.
    private void GiveUp(Request next, CancellationToken gone)
    {
        lock (_gate)
        {
            if (_waiting != next)
                return;
            _waiting = null;
        }
        next.SetCanceled(gone);
    }

    /// <inheritdoc/>
    public void Respond(string requestId, FunctionResult result)
    {
        lock (_gate)
        {
            if (_handed is not { } open || open.RequestId != requestId)
                throw RuntimeCallException.UnknownId(requestId);
            if (!open.TryEnd(result))
                throw RuntimeCallException.WrongState($"The invocation {requestId} has ended already.");
        }
    }

    /// <inheritdoc/>
    public void FailInit(FunctionError error)
    {
        if (!_initialized.TrySetResult(error))
            throw RuntimeCallException.WrongState("The environment is initialized already.");
    }

    private sealed class Request(Func<bool> hasHungUp) : TaskCompletionSource<RuntimeInvocation>
    {
        public bool HasHungUp() => hasHungUp();
    }
}
