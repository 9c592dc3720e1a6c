namespace LambdaStreamRunner.Simulation;

/// <summary>What will happen, by time; what is due at the same time happens in the order in which it was added.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Action, (DateTimeOffset Time, long Order)> _entries = new();
    private long _order;

    public int Count => _entries.Count;

    public void Add(DateTimeOffset time, Action what) => _entries.Enqueue(what, (time, _order++));

    public bool TryTakeNext(DateTimeOffset until, out DateTimeOffset time, out Action what)
    {
        (time, what) = (default, static () => { });
        if (!_entries.TryPeek(out Action? next, out (DateTimeOffset Time, long Order) due) || due.Time > until)
            return false;
        _entries.Dequeue();
        (time, what) = (due.Time, next);
        return true;
    }
}
