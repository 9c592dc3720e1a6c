namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>Invocations of type Event: accepted at once, run soon, and tried twice more when the function fails.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html"/>. They live as long as the process.</remarks>
internal sealed class AsynchronousInvocations(TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Most that wait or run at a time.</summary>
    public const int WaitingMax = 1_000;

    /// <summary>AWS waits a minute before the second try, and two before the third.</summary>
    private static readonly TimeSpan[] Waits = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)];

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting = 1;                                 // one for the object itself, until it is disposed of

    /// <summary>Runs an invocation in the background.</summary>
    /// <param name="attempt">One try; true when the function succeeded.</param>
    /// <exception cref="LambdaException">Too many are waiting.</exception>
    public void Begin(Func<Task<bool>> attempt)
    {
        if (Interlocked.Increment(ref _waiting) > WaitingMax + 1)
        {
            End();
            throw LambdaException.TooManyRequests(LambdaTexts.TooManyWaiting(WaitingMax), "CallerRateLimitExceeded");
        }
        _ = RunAsync(attempt);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        End();
        await _idle.Task;
        _stopping.Dispose();
    }

    private async Task RunAsync(Func<Task<bool>> attempt)
    {
        try
        {
            for (int tries = 0; !await attempt() && tries < Waits.Length; tries++)
                await Task.Delay(Waits[tries], clock, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The process ends, and what waited ends with it.
        }
        finally
        {
            End();
        }
    }

    private void End()
    {
        if (Interlocked.Decrement(ref _waiting) == 0)
            _idle.TrySetResult();
    }
}
