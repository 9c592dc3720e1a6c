namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>
/// A family found in the table of processes: what is in the leader's session or group, carries its mark, hangs on a member, or was a member when last seen.
/// What escapes is a process that leaves session and parent and drops its environment, all within the time between two looks.
/// </summary>
/// <param name="leader">The process that was started.</param>
/// <param name="mark">Value of <see cref="ProcessMarks.Variable"/> in it.</param>
/// <param name="marks">Those of all processes.</param>
/// <param name="table">Reads the processes of this machine.</param>
/// <param name="memoryBytesMax">What the family may use together; null: as much as there is.</param>
internal sealed class WatchedFamily(int leader, string mark, ProcessMarks marks, Func<IReadOnlyList<RunningProcess>> table, long? memoryBytesMax) : IProcessFamily
{
    private readonly Lock _looking = new();
    private HashSet<(int Id, long Started)> _known = [];

    public bool MeasuresItself => false;

    public MemoryUse Measure(Lazy<IReadOnlyList<RunningProcess>> snapshot)
    {
        long bytes = Members(snapshot.Value).Sum(process => process.ResidentBytes);
        return new MemoryUse(bytes, bytes > memoryBytesMax ? MemoryVerdict.Exceeded : MemoryVerdict.Within);
    }

    public MemoryVerdict Verdict() => MemoryVerdict.Within;

    public int Kill()
    {
        Signals.KillGroup(leader);
        return Members(table()).Count(process => Signals.Kill(process.Id));
    }

    public bool TryRemove() => true;

    private List<RunningProcess> Members(IReadOnlyList<RunningProcess> processes)
    {
        lock (_looking)
        {
            List<RunningProcess> members = [.. processes.Where(IsMember)];
            HashSet<int> ids = [.. members.Select(process => process.Id)];
            while (processes.Where(process => !ids.Contains(process.Id) && ids.Contains(process.Parent)).ToArray() is { Length: > 0 } children)
            {
                members.AddRange(children);
                ids.UnionWith(children.Select(process => process.Id));
            }
            _known = [.. members.Select(process => (process.Id, process.Started))];
            return members;
        }
    }

    private bool IsMember(RunningProcess process) =>
        process.Session == leader || process.Group == leader || _known.Contains((process.Id, process.Started)) || marks.Of(process) == mark;
}
