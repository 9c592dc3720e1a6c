namespace LambdaStreamRunner.Host.Producing;

/// <summary>How long an entry waits after it was not put, and when it is given up.</summary>
/// <remarks>
/// The pause doubles from 100 ms to 5 s. Half of it is left to chance: a shard that refused many entries at once must not
/// get them all back at once. All pauses together last 15 to 31 s, as long as KPL keeps a record (30 s).
/// </remarks>
/// <param name="random">Decides the jitter.</param>
internal sealed class PutRetryPolicy(Random random)
{
    /// <summary>Tries of one entry, the first included.</summary>
    public const int TriesMax = 12;

    /// <summary>Longest pause after the first try.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest pause at all.</summary>
    public static readonly TimeSpan Cap = TimeSpan.FromSeconds(5);

    /// <summary>The pause after so many failed tries (1 for the first); null when the entry is given up.</summary>
    public TimeSpan? PauseAfter(int failedTries)
    {
        if (failedTries >= TriesMax)
            return null;
        TimeSpan pause = First * (1 << (failedTries - 1));
        return (pause < Cap ? pause : Cap) * (0.5 + (random.NextDouble() / 2));
    }
}
