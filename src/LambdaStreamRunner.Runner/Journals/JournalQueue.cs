namespace LambdaStreamRunner.Runner.Journals;

/// <summary>What waits to be written: bounded by its bytes, so that whoever adds waits for a slow disk instead of filling the memory.</summary>
/// <remarks>Pumps add, and wait where they are: their machine decides nothing that the journal could miss. One thread takes.</remarks>
/// <param name="weightMax">Most bytes that wait.</param>
internal sealed class JournalQueue(long weightMax)
{
    private readonly object _gate = new();
    private readonly Queue<JournalEntry> _entries = [];
    private long _weight;
    private bool _isClosed;
    private bool _isAbandoned;

    /// <summary>Adds an entry when there is room for it; after <see cref="Close"/> it is dropped.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="patience">After how long <paramref name="waited"/> is told, once.</param>
    /// <param name="waited">That there is no room yet.</param>
    /// <returns>False when it is lost, since there was no room for it and nobody waits any more.</returns>
    public bool Add(JournalEntry entry, TimeSpan patience, Action waited)
    {
        if (TryAdd(entry, patience) is { } isTaken)
            return isTaken;
        waited();                                             // outside of the lock: it may take its time
        return TryAdd(entry, Timeout.InfiniteTimeSpan) ?? false;
    }

    // Null when the patience is over.
    private bool? TryAdd(JournalEntry entry, TimeSpan patience)
    {
        long began = TimeProvider.System.GetTimestamp();
        lock (_gate)
        {
            while (_weight >= weightMax && !_isClosed)
            {
                if (_isAbandoned)
                {
                    _isClosed = true;                         // a history with a hole is none
                    return false;
                }
                TimeSpan left = patience == Timeout.InfiniteTimeSpan ? patience : patience - TimeProvider.System.GetElapsedTime(began);
                if (left <= TimeSpan.Zero && left != Timeout.InfiniteTimeSpan)
                    return null;
                Monitor.Wait(_gate, left);
            }
            if (_isClosed)
                return true;
            _entries.Enqueue(entry);
            _weight += entry.Weight;
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>Nobody waits for room any more: what finds none is lost, and so is all that comes after it.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _isAbandoned = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes the oldest entry, if there is one.</summary>
    public bool TryTake(out JournalEntry? entry)
    {
        lock (_gate)
        {
            if (!_entries.TryDequeue(out entry))
                return false;
            _weight -= entry.Weight;
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>Waits until there is an entry; false when there is none and none will come.</summary>
    public bool Wait()
    {
        lock (_gate)
        {
            while (_entries.Count == 0 && !_isClosed)
                Monitor.Wait(_gate);
            return _entries.Count > 0;
        }
    }

    /// <summary>Nothing more is taken in; what waits is still there to be taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }
}
