namespace LambdaStreamRunner.Host.Producing;

/// <summary>What has been read and is not put yet, and which of it may go next. Knows no endpoint, no task and no clock.</summary>
/// <remarks>
/// Entries of one group go one at a time, so a refused one holds back what follows it, and only that. Entries to be tried
/// again go before fresh ones; when too many wait for another try, no fresh one goes at all: a throttled stream gets
/// what it can take, instead of a crowd in which some never get through.
/// </remarks>
internal sealed class PutWindow(PutRetryPolicy retrying)
{
    /// <summary>Most entries that are held.</summary>
    public const int EntriesMax = 10_000;

    /// <summary>Most bytes that are held, one entry more or less.</summary>
    public const int BytesMax = 32 * 1024 * 1024;

    /// <summary>Most entries that wait for another try while fresh ones go.</summary>
    public const int WaitingForRetryMax = 500;

    private readonly Dictionary<string, OrderGroup> _groups = new(StringComparer.Ordinal);
    private readonly Queue<OrderGroup> _fresh = new();
    private readonly PriorityQueue<OrderGroup, TimeSpan> _retried = new();
    private int _entries;
    private long _bytes;

    /// <summary>True when nothing should be added until something was put.</summary>
    public bool IsFull => _entries >= EntriesMax || _bytes >= BytesMax;

    /// <summary>True when all that was added has been put.</summary>
    public bool IsEmpty => _entries == 0;

    /// <summary>When the next entry is tried again; null when none waits for that.</summary>
    public TimeSpan? NextRetryAt => _retried.TryPeek(out _, out TimeSpan at) ? at : null;

    public void Add(PutEntry entry)
    {
        _entries++;
        _bytes += entry.Bytes;
        OrderGroup group = GroupOf(entry.OrderGroup, out bool isNew);
        group.Add(entry);
        if (isNew)
            _fresh.Enqueue(group);
    }

    /// <summary>The next request; null when nothing may go now.</summary>
    public PutBatch? Take(TimeSpan now)
    {
        var batch = new PutBatch();
        while (_retried.TryPeek(out OrderGroup? group, out TimeSpan at) && at <= now && batch.TryAdd(group))
            _retried.Dequeue();
        while (_retried.Count < WaitingForRetryMax && _fresh.TryPeek(out OrderGroup? group) && batch.TryAdd(group))
            _fresh.Dequeue();
        return batch.Groups.Count == 0 ? null : batch;
    }

    /// <summary>The first entry of a group was put: the next one may go.</summary>
    public void Put(OrderGroup group)
    {
        _entries--;
        _bytes -= group.First.Bytes;
        group.RemoveFirst();
        if (!group.IsEmpty)
            _fresh.Enqueue(group);
        else if (group.Name is not null)
            _groups.Remove(group.Name);
    }

    /// <summary>The first entry of a group was not put: it waits for another try. False when it has had all its tries.</summary>
    public bool TryAgain(OrderGroup group, TimeSpan now)
    {
        group.First.FailedTries++;
        if (retrying.PauseAfter(group.First.FailedTries) is not { } pause)
            return false;
        _retried.Enqueue(group, now + pause);
        return true;
    }

    private OrderGroup GroupOf(string? name, out bool isNew)
    {
        isNew = true;
        if (name is null)
            return new OrderGroup(null);
        isNew = !_groups.TryGetValue(name, out OrderGroup? group);
        return group ?? (_groups[name] = new OrderGroup(name));
    }
}
