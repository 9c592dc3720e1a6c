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

    /// <summary>Adds an entry when there is room for it; after <see cref="Close"/> it is dropped.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="patience">After how long <paramref name="waited"/> is told, once.</param>
    /// <param name="waited">That there is no room yet.</param>
    public void Add(JournalEntry entry, TimeSpan patience, Action waited)
    {
        lock (_gate)
        {
            bool isTold = false;
            while (_weight >= weightMax && !_isClosed)
            {
                if (!Monitor.Wait(_gate, isTold ? Timeout.InfiniteTimeSpan : patience) && !isTold)
                {
                    isTold = true;
                    waited();
                }
            }
            if (_isClosed)
                return;
            _entries.Enqueue(entry);
            _weight += entry.Weight;
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
