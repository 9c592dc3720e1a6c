namespace LambdaStreamRunner.Core.Mappings.Retrying;

/// <summary>The pause before a batch is tried again: 200 ms, doubled with every try, at most 60 s.</summary>
/// <remarks>
/// AWS publishes no curve (open question Q4); doubling from 200 ms fits what was measured. Throttled tries count as well,
/// although they spend no attempt.
/// </remarks>
public static class Backoff
{
    /// <summary>Pause after the first unsuccessful try.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest pause.</summary>
    public static readonly TimeSpan Cap = TimeSpan.FromSeconds(60);

    // 200 ms doubled nine times is past the cap; more would overflow after enough tries.
    private const int DoublingsMax = 9;

    /// <summary>The pause after so many unsuccessful tries in a row.</summary>
    /// <param name="tries">1 for the first.</param>
    public static TimeSpan After(int tries)
    {
        TimeSpan pause = First * (1 << Math.Clamp(tries - 1, 0, DoublingsMax));
        return pause < Cap ? pause : Cap;
    }
}
