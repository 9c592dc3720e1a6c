namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>A thread of its own for worlds, so that a handler which blocks it for good fails its test and nothing else.</summary>
internal static class WorldThread
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs work on a new thread.</summary>
    /// <param name="work">The work; all its worlds belong to that thread.</param>
    /// <param name="scenario">Says how long a handler may block.</param>
    /// <exception cref="StreamTestException">A handler blocked the thread for longer than its budget of real time.</exception>
    public static async Task<T> RunAsync<T>(Func<T> work, TestScenario scenario)
    {
        var watched = new BlockedCode();
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            BlockedCode.OfThread = watched;
            try
            {
                result.SetResult(work());
            }
#pragma warning disable CA1031 // Whatever it is, the test that waits for this thread throws it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                result.SetException(exception);
            }
        })
        {
            IsBackground = true,
            Name = "LambdaStreamRunner test world",
        };
        thread.Start();
        using var look = new PeriodicTimer(LookEvery, TimeProvider.System);
        while (await Task.WhenAny(result.Task, look.WaitForNextTickAsync().AsTask()) != result.Task)
        {
            if (watched.LongerThan(scenario.RealTimeBudget) is { } problem)
                throw new StreamTestException(problem);
        }
        return await result.Task;
    }
}
