namespace LambdaStreamRunner.Simulation;

/// <summary>What will happen, by time. What is due at the same time happens by rank, then in the order in which it was added.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Happening, Due> _entries = new();
    private long _order;

    /// <summary>When the next entry is due; null when there is none.</summary>
    public DateTimeOffset? NextAt => _entries.TryPeek(out _, out Due due) ? due.Time : null;

    public void Add(DateTimeOffset time, Happening what, int rank = 0) => _entries.Enqueue(what, new Due(time.UtcTicks, rank, _order++));

    public bool TryTakeNext(DateTimeOffset until, out DateTimeOffset time, out Happening what)
    {
        time = default;
        if (!_entries.TryPeek(out what, out Due due) || due.Ticks > until.UtcTicks)
            return false;
        _entries.Dequeue();
        time = due.Time;
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

/// <summary>What is done at its time: by whom, and about what.</summary>
/// <remarks>There is one for every read and every invocation: a closure for each was half of what a run allocated.</remarks>
internal readonly struct Happening(Action<object, object> what, object who, object about)
{
    /// <summary>Anything.</summary>
    public static Happening Of(Action what) => new(static (what, _) => ((Action)what)(), what, what);

    /// <summary>Does it.</summary>
    public void Happen() => what(who, about);
}
