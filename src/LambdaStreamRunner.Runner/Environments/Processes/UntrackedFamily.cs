using System.Diagnostics;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>
/// A family on a system that shows no table of processes (macOS, Windows): .NET ends the tree that hangs on the process while that lives; what has left
/// the tree is not found, and memory is that of the process alone.
/// </summary>
/// <param name="leader">The process that was started.</param>
/// <param name="memoryBytesMax">What it may use; null: as much as there is.</param>
internal sealed class UntrackedFamily(Process leader, long? memoryBytesMax) : IProcessFamily
{
    public bool MeasuresItself => true;

    public MemoryUse Measure(Lazy<IReadOnlyList<RunningProcess>> snapshot)
    {
        long bytes = ResidentBytes();
        return new MemoryUse(bytes, bytes > memoryBytesMax ? MemoryVerdict.Exceeded : MemoryVerdict.Within);
    }

    public MemoryVerdict Verdict() => MemoryVerdict.Within;

    public int Kill()
    {
        if (leader.HasExited)
            return 0;
        leader.Kill(entireProcessTree: true);
        return 1;
    }

    public bool TryRemove() => true;

    private long ResidentBytes()
    {
        try
        {
            leader.Refresh();
            return leader.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;   // It has ended.
        }
    }
}
