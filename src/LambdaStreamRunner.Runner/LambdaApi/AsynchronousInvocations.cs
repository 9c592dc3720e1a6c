using LambdaStreamRunner.Core.Mappings.Retrying;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>Invocations of type Event: accepted at once, run soon, and tried twice more when the function fails.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html"/>. They live as long as the process.</remarks>
internal sealed class AsynchronousInvocations(TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Most that wait or run at a time.</summary>
    public const int WaitingMax = 1_000;

    /// <summary>How long an invocation may be throttled before it is given up, as on AWS.</summary>
    private static readonly TimeSpan AgeMax = TimeSpan.FromHours(6);

    /// <summary>AWS waits a minute before the second try, and two before the third.</summary>
    private static readonly TimeSpan[] Waits = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)];

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting = 1;                                 // one for the object itself, until it is disposed of

    /// <summary>Runs an invocation in the background.</summary>
    /// <param name="attempt">One try.</param>
    /// <exception cref="LambdaException">Too many are waiting.</exception>
    public void Begin(Func<Task<AttemptResult>> attempt)
    {
        if (Interlocked.Increment(ref _waiting) > WaitingMax + 1)
        {
            End();
            throw LambdaException.TooManyRequests(LambdaTexts.TooManyWaiting(WaitingMax), "CallerRateLimitExceeded");
        }
        _ = Task.Run(() => RunAsync(attempt), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        End();
        await _idle.Task;
        _stopping.Dispose();
    }

    private async Task RunAsync(Func<Task<AttemptResult>> attempt)
    {
        DateTimeOffset begun = clock.GetUtcNow();
        try
        {
            (int failures, int throttles) = (0, 0);
            while (true)
            {
                AttemptResult result = await attempt();
                bool isOver = result is AttemptResult.Succeeded
                    || (result is AttemptResult.Failed && failures == Waits.Length)
                    || clock.GetUtcNow() - begun > AgeMax;
                if (isOver)
                    return;
                TimeSpan wait = result is AttemptResult.Failed ? Waits[failures++] : Backoff.After(++throttles);
                await Task.Delay(wait, clock, _stopping.Token);
            }
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

/// <summary>What came of one try.</summary>
internal enum AttemptResult
{
    /// <summary>The function answered.</summary>
    Succeeded,

    /// <summary>It threw, or ran out of time.</summary>
    Failed,

    /// <summary>It had no execution left: that is no try.</summary>
    Throttled,
}
