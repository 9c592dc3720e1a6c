using System.Buffers;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Runner.Journals;

/// <summary>What happens at one shard of a mapping, told by its pump, as steps of a history.</summary>
/// <remarks>Belongs to the pump of now. What is lent (a batch's records) is copied here.</remarks>
internal sealed class ShardJournal(RunJournal journal, int mapping, string shardId)
{
    private SequenceNumber _highest;                           // what was read up to here is written: a restart reads some of it again

    /// <summary>An event, before the machine takes it.</summary>
    public void Happened(DateTimeOffset now, ShardEvent happened)
    {
        switch (happened)
        {
            case ShardEvent.RecordsRead { Cursor: ReadCursor.Main } read:
                WriteArrivals(now, read.Records);
                break;
            case ShardEvent.BatchFinished finished:
                Write(new HistoryStep.InvocationEnded(now, shardId, finished.Batch.RequestId, finished.Outcome));
                break;
            case ShardEvent.DiscardDelivered delivered:
                Write(new HistoryStep.DiscardSettled(now, shardId, delivered.Batch, Error: null), delivered.Batch.Records.Length);
                break;
            case ShardEvent.DiscardFailed failed:
                Write(new HistoryStep.DiscardSettled(now, shardId, failed.Batch, failed.Error), failed.Batch.Records.Length);
                break;
            case ShardEvent.ShardEnded:
                Write(new HistoryStep.ShardClosed(now, shardId));
                break;
            default:
                break;                                        // timers, failed reads and what the catch-up cursor reads again tell nothing new
        }
    }

    /// <summary>The checkpoint that was under way is stored.</summary>
    public void CheckpointSaved(DateTimeOffset now, ShardCheckpoint checkpoint) => Write(new HistoryStep.CheckpointSaved(now, shardId, checkpoint));

    /// <summary>Records that no filter wanted.</summary>
    public void Filtered(DateTimeOffset now, ReadOnlySpan<StreamRecord> records) =>
        Write(new HistoryStep.Filtered(now, shardId, records.ToArray()), records.Length);

    /// <summary>A decision, before it is carried out.</summary>
    public void Decided(DateTimeOffset now, ShardDecision decision)
    {
        switch (decision)
        {
            case ShardDecision.InvokeFunction invoke:
                WriteStart(now, invoke.Batch);
                break;
            case ShardDecision.SendToDestination send:
                Write(new HistoryStep.Discarded(now, shardId, send.Batch), send.Batch.Records.Length);
                break;
            case ShardDecision.CloseShard close:
                Write(new HistoryStep.MachineClosed(now, shardId, close.Reason));
                break;
            default:
                break;
        }
    }

    /// <summary>The pump ends before its machine: what ran is lost, as in a crash.</summary>
    public void Abandoned(DateTimeOffset now) => Write(new HistoryStep.MachineCrashed(now, shardId));

    public void Write(HistoryStep step, int records = 0) => journal.Add(new JournalEntry.Step(mapping, step, records));

    private void WriteStart(DateTimeOffset now, Batch batch) =>
        Write(
            new HistoryStep.InvocationStarted(now, shardId, batch.Lane, batch.RequestId, batch.Attempt, batch.Records.ToArray())
            {
                ClosedBy = batch.ClosedBy,
                Window = batch.Window,
            },
            batch.Records.Length);

    private void WriteArrivals(DateTimeOffset now, ReadOnlySequence<StreamRecord> records)
    {
        var arrived = new List<StreamRecord>();
        foreach (ReadOnlyMemory<StreamRecord> segment in records)
        {
            foreach (ref readonly StreamRecord record in segment.Span)
            {
                if (record.SequenceNumber <= _highest)
                    continue;
                _highest = record.SequenceNumber;
                arrived.Add(record);
            }
        }
        if (arrived.Count > 0)
            journal.Add(new JournalEntry.Arrivals(mapping, now, shardId, [.. arrived]));
    }
}
