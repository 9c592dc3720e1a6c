namespace LambdaStreamRunner.Simulation;

/// <summary>What will happen, by time. What is due at the same time happens by rank, then in the order in which it was added.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Action, Due> _entries = new();
    private long _order;

    /// <summary>When the next entry is due; null when there is none.</summary>
    public DateTimeOffset? NextAt => _entries.TryPeek(out _, out Due due) ? due.Time : null;

    public void Add(DateTimeOffset time, Action what, int rank = 0) => _entries.Enqueue(what, new Due(time.UtcTicks, rank, _order++));

    public bool TryTakeNext(DateTimeOffset until, out DateTimeOffset time, out Action what)
    {
        (time, what) = (default, static () => { });
        if (!_entries.TryPeek(out Action? next, out Due due) || due.Ticks > until.UtcTicks)
            return false;
        _entries.Dequeue();
        (time, what) = (due.Time, next);
        return true;
    }

    // Compared several times for each entry: a tuple would go through the comparers of its parts.
    private readonly record struct Due(long Ticks, int Rank, long Order) : IComparable<Due>
    {
        public DateTimeOffset Time => new(Ticks, TimeSpan.Zero);

        public int CompareTo(Due other)
        {
            if (Ticks != other.Ticks)
                return Ticks < other.Ticks ? -1 : 1;
            return Rank != other.Rank ? Rank.CompareTo(other.Rank) : Order.CompareTo(other.Order);
        }
    }
}
