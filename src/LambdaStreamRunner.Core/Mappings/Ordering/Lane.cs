using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>One of ParallelizationFactor ordered queues: a batch at a time, its parts on a stack, its own window clock.</summary>
/// <remarks>While the stack is not empty no new batch is started here: the left half is done before the right one.</remarks>
internal sealed class Lane
{
    private readonly Stack<WorkItem> _work = new();
    private StreamRecord[] _records = [];

    public Lane(int index)
    {
        Batch = new Batch(index);
        Invoke = new ShardDecision.InvokeFunction(Batch);
    }

    /// <summary>The lease that is handed out for every attempt of this lane.</summary>
    public Batch Batch { get; }

    /// <summary>The decision that hands it out.</summary>
    public ShardDecision.InvokeFunction Invoke { get; }

    /// <summary>End of the batching window: the end of the previous invocation plus MaximumBatchingWindow.</summary>
    public DateTimeOffset WindowEnd { get; set; }

    /// <summary>True between InvokeFunction and BatchFinished.</summary>
    public bool IsRunning { get; set; }

    /// <summary>True while a batch, or a part of one, is not resolved.</summary>
    public bool HasWork => _work.Count > 0;

    /// <summary>The part whose turn it is.</summary>
    public WorkItem Top => _work.Peek();

    /// <summary>Memory for a new batch of at most so many records.</summary>
    public Span<StreamRecord> Reserve(int records)
    {
        if (_records.Length < records)
            _records = new StreamRecord[Math.Min(EventSourceMappingLimits.BatchSizeMax, Math.Max(records, _records.Length * 2))];
        return _records.AsSpan(0, records);
    }

    public ReadOnlySpan<StreamRecord> RecordsOf(WorkItem item) => _records.AsSpan(item.Start, item.Count);

    public ReadOnlyMemory<StreamRecord> Lend(WorkItem item) => _records.AsMemory(item.Start, item.Count);

    /// <summary>The lowest record that is not resolved; null when there is none, but perhaps a window to end.</summary>
    public StreamRecord? FirstUnsettled
    {
        get
        {
            foreach (WorkItem item in _work)                  // from the top: ascending
            {
                if (item.Count > 0)
                    return _records[item.Start];
            }
            return null;
        }
    }

    public void Push(WorkItem item) => _work.Push(item);

    public void Pop() => _work.Pop();

    public void ReplaceTop(WorkItem item)
    {
        _work.Pop();
        if (item.HasWork)
            _work.Push(item);
    }

    /// <summary>Records of the batch that are not resolved.</summary>
    public int UnresolvedRecords
    {
        get
        {
            int unresolved = 0;
            foreach (WorkItem item in _work)
                unresolved += item.Count;
            return unresolved;
        }
    }

    /// <summary>Where the lane stands; null when it has no work.</summary>
    public LaneStatus? GetStatus()
    {
        if (!HasWork)
            return null;
        LaneState state = IsRunning ? LaneState.Running : LaneState.BackingOff;
        return new LaneStatus(Batch.Lane, state, FirstUnsettled, Top.Attempts, IsRunning ? null : Top.NotBefore);
    }

    /// <summary>Adds the lowest unsettled number of every order group in this lane.</summary>
    public void CollectUnsettled(PartitionKeySequencer sequencer, Dictionary<UInt128, SequenceNumber> lowest)
    {
        foreach (WorkItem item in _work)                      // from the top: ascending
        {
            foreach (ref readonly StreamRecord record in RecordsOf(item))
                lowest.TryAdd(sequencer.GroupOf(in record), record.SequenceNumber);
        }
    }
}
