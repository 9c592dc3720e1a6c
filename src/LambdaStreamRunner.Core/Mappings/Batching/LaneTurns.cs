using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Batching;

/// <summary>A lane's turns: one begins when waiting records become its batch, and ends when all of them are resolved.</summary>
internal sealed class LaneTurns(EventSourceMapping mapping, ShardContext shard, PartitionKeySequencer sequencer, ReadAhead readAhead)
{
    private readonly BatchGatherer _gatherer = new(mapping);

    /// <summary>Begins a turn when a batch is to be closed now.</summary>
    /// <param name="lane">A lane without work.</param>
    /// <param name="now">The time.</param>
    /// <param name="noMoreToCome">Set when nothing can join any more: why.</param>
    public bool TryBegin(Lane lane, DateTimeOffset now, FlushReason? noMoreToCome)
    {
        Waiting waiting = sequencer.WaitingFor(lane.Batch.Lane);
        if (_gatherer.WhyClose(waiting, now, lane.WindowEnd, noMoreToCome) is not { } reason)
            return false;

        Span<StreamRecord> memory = lane.Reserve(Math.Min(mapping.BatchSize, waiting.Records));
        int count = sequencer.Take(lane.Batch.Lane, memory, new BatchBudget(shard.FixedRecordLength));
        bool isCutShort = count < memory.Length;              // the event was full first
        lane.Push(new WorkItem(0, count) { ClosedBy = isCutShort ? FlushReason.Payload : reason });
        readAhead.GroupsMayBeFree();
        return true;
    }

    /// <summary>Ends the turn: what the lane had claimed is free, and the next window begins.</summary>
    public void End(Lane lane, DateTimeOffset now)
    {
        OpenWindow(lane, now);
        sequencer.Release(lane.Batch.Lane);
        readAhead.GroupsMayBeFree();
    }

    /// <summary>The lane gathers from now on.</summary>
    public void OpenWindow(Lane lane, DateTimeOffset now) => lane.WindowEnd = now + mapping.MaximumBatchingWindow;

    /// <summary>When the clock alone moves an idle lane on: the next attempt, or the end of its window; null when neither.</summary>
    public DateTimeOffset? DueAt(Lane lane)
    {
        if (lane.HasWork)
            return lane.Top.NotBefore;
        return sequencer.WaitingFor(lane.Batch.Lane).Records > 0 ? lane.WindowEnd : null;
    }
}
