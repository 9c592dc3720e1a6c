namespace LambdaStreamRunner.Simulation;

/// <summary>What will happen, by time. What is due at the same time happens by rank, then in the order in which it was added.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Action, (DateTimeOffset Time, int Rank, long Order)> _entries = new();
    private long _order;

    /// <summary>When the next entry is due; null when there is none.</summary>
    public DateTimeOffset? NextAt => _entries.TryPeek(out _, out (DateTimeOffset Time, int Rank, long Order) due) ? due.Time : null;

    public void Add(DateTimeOffset time, Action what, int rank = 0) => _entries.Enqueue(what, (time, rank, _order++));

    public bool TryTakeNext(DateTimeOffset until, out DateTimeOffset time, out Action what)
    {
        (time, what) = (default, static () => { });
        if (!_entries.TryPeek(out Action? next, out (DateTimeOffset Time, int Rank, long Order) due) || due.Time > until)
            return false;
        _entries.Dequeue();
        (time, what) = (due.Time, next);
        return true;
    }
}
