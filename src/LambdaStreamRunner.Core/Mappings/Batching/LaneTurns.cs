using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Batching;

/// <summary>A lane's turns: one begins when waiting records become its batch, and ends when all of them are resolved.</summary>
/// <remarks>The end of a tumbling window is a turn as well, without records.</remarks>
internal sealed class LaneTurns(
    EventSourceMapping mapping, ShardContext shard, PartitionKeySequencer sequencer, ReadAhead readAhead, Polling polling, TumblingWindows? windows)
{
    private readonly BatchGatherer _gatherer = new(mapping);

    /// <summary>Begins a turn when a batch is to be closed now.</summary>
    /// <param name="lane">A lane without work.</param>
    /// <param name="now">The time.</param>
    /// <param name="noMoreToCome">Set when nothing can join any more: why.</param>
    public bool TryBegin(Lane lane, DateTimeOffset now, FlushReason? noMoreToCome)
    {
        if (windows is null)
            return TryGather(lane, now, noMoreToCome, long.MaxValue);
        bool shardEnded = noMoreToCome is FlushReason.ShardEnd;
        switch (windows.Next(sequencer.FirstArrival(lane.Batch.Lane), now, IsAtTip, shardEnded))
        {
            case WindowStep.Gather:
                FlushReason? why = windows.IsOver(now, IsAtTip) ? FlushReason.Window : noMoreToCome;
                return TryGather(lane, now, why, windows.Open!.End.ToUnixTimeMilliseconds());
            case WindowStep.End:
                lane.Push(WorkItem.EndOfWindow(WindowEnding.Complete));
                return true;
            case WindowStep.Terminate:
                lane.Push(WorkItem.EndOfWindow(WindowEnding.TerminatedEarly));
                return true;
            default:
                return false;
        }
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

    /// <summary>When the clock alone moves an idle lane on: the next attempt, or the end of a window; null when neither.</summary>
    public DateTimeOffset? DueAt(Lane lane)
    {
        if (lane.HasWork)
            return lane.Top.NotBefore;
        if (sequencer.WaitingFor(lane.Batch.Lane).Records == 0)
            return IsAtTip ? windows?.IdleEnd : null;
        return IsAtTip && windows?.Open is { } open && open.End < lane.WindowEnd ? open.End : lane.WindowEnd;
    }

    private bool IsAtTip => polling.IsAtTip && !readAhead.HasBehind;

    private bool TryGather(Lane lane, DateTimeOffset now, FlushReason? noMoreToCome, long arrivalBefore)
    {
        int envelopeLength = KinesisEventFormat.EnvelopeLengthOf(shard, windows?.Open);
        Waiting waiting = sequencer.WaitingFor(lane.Batch.Lane);
        if (_gatherer.WhyClose(waiting, now, lane.WindowEnd, noMoreToCome, envelopeLength) is not { } reason)
            return false;

        Span<StreamRecord> memory = lane.Reserve(Math.Min(mapping.BatchSize, waiting.Records));
        int count = sequencer.Take(lane.Batch.Lane, memory, new BatchBudget(shard.FixedRecordLength, envelopeLength, arrivalBefore));
        if (count < memory.Length)                            // the event was full first, or its tumbling window over
            reason = sequencer.FirstArrival(lane.Batch.Lane) >= arrivalBefore ? FlushReason.Window : FlushReason.Payload;
        lane.Push(new WorkItem(0, count) { ClosedBy = reason, IsNewlyGathered = true });
        readAhead.GroupsMayBeFree();
        return true;
    }
}
