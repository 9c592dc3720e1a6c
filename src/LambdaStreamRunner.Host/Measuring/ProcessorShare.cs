namespace LambdaStreamRunner.Host.Measuring;

/// <summary>How much of a processor one busy thread gets: with others on the machine, durations tell of them too.</summary>
internal static class ProcessorShare
{
    /// <summary>Share from which on a machine is quiet enough.</summary>
    private const double QuietFrom = 0.8;

    private static readonly TimeSpan ProbeLength = TimeSpan.FromMilliseconds(300);

    /// <summary>What a reader should know about what was measured just now; null on a quiet machine. Keeps one processor busy for a moment.</summary>
    public static string? Remark() => RemarkOn(Probe());

    /// <summary>The same for a share, 0 to 1.</summary>
    internal static string? RemarkOn(double share) => share >= QuietFrom ? null : FormattableString.Invariant(
        $"Other programs keep this machine busy: one thread gets {share * 100:0} % of a processor. Durations, and most of all the longest ones, are those of a machine that waits; measure again when it is quiet.");

    private static double Probe()
    {
        long start = TimeProvider.System.GetTimestamp();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        while (TimeProvider.System.GetElapsedTime(start) < ProbeLength)
            Thread.SpinWait(1_000);
        return (Environment.CpuUsage.TotalTime - before) / TimeProvider.System.GetElapsedTime(start);
    }
}
