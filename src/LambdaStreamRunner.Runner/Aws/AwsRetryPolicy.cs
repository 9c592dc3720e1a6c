namespace LambdaStreamRunner.Runner.Aws;

/// <summary>When a request is sent again: after throttling, a fault of the service, or no answer, with a pause that doubles.</summary>
/// <param name="Attempts">Most times that a request is sent; at least 1.</param>
/// <param name="FirstPause">Longest pause before the second attempt.</param>
/// <param name="PauseMax">Longest pause.</param>
internal sealed record AwsRetryPolicy(int Attempts, TimeSpan FirstPause, TimeSpan PauseMax)
{
    /// <summary>AWS's standard mode: three attempts, at most 20 s apart.</summary>
    public static AwsRetryPolicy Standard { get; } = new(3, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(20));

    /// <summary>One attempt: the caller tries again by rules of its own.</summary>
    public static AwsRetryPolicy None { get; } = new(1, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>How long to wait after a failed attempt; null when it was the last.</summary>
    /// <param name="error">Why it failed.</param>
    /// <param name="attempt">Which it was, from 1.</param>
    /// <param name="jitter">0 to 1: those who failed together shall not come back together.</param>
    public TimeSpan? PauseAfter(AwsException error, int attempt, double jitter)
    {
        if (!error.IsTransient || attempt >= Attempts)
            return null;
        TimeSpan longest = FirstPause * Math.Pow(2, Math.Min(attempt - 1, 30));
        return (longest < PauseMax ? longest : PauseMax) * (0.5 + (jitter / 2));
    }
}
