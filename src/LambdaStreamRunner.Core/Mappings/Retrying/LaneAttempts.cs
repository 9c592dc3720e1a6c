using System.Diagnostics;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Retrying;

/// <summary>What becomes of a lane's batch, attempt by attempt, until each of its records is resolved.</summary>
/// <remarks>
/// The batch is a stack of work items: lists of consecutive records, each with the attempts and the request id that belong
/// to exactly this list. The item on top is worked on.
/// <list type="number">
/// <item>Its leading records that are too old are discarded; those the stream no longer retains are dropped in silence.
/// What is left is a new item.</item>
/// <item>It is invoked; a single record that is larger than an event has failed without.</item>
/// <item>Success: its records are settled and it is popped.</item>
/// <item>Throttled: again after a pause, without spending an attempt.</item>
/// <item>A failure was reported behind the first record: what lies before is settled, the rest is a new item, at once.</item>
/// <item>It failed as a whole: two halves as new items, at once, when bisecting; else an attempt is spent, and it is tried
/// again after a pause, or discarded when it was the last.</item>
/// </list>
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html"/>.
/// </remarks>
internal sealed class LaneAttempts(
    EventSourceMapping mapping, ShardContext shard, ReadAhead readAhead, UndeliveredDiscards undelivered, CheckpointTracker checkpoints, TumblingWindows? windows)
{
    private readonly RetryPolicy _retries = new(mapping);
    private readonly RecordLifetime _lifetime = new(mapping, shard);
    private RequestIds _requestIds = new(shard.Seed);

    /// <summary>Invocations of a list that had been invoked before.</summary>
    public long Retries { get; private set; }

    /// <summary>Batches that were cut in two.</summary>
    public long Bisections { get; private set; }

    /// <summary>Records that left retention before they were processed.</summary>
    public long RecordsExpired { get; private set; }

    /// <summary>Highest number among them; null when none has.</summary>
    public SequenceNumber? ExpiredThrough { get; private set; }

    /// <summary>Works on an idle lane until it runs, has to wait, or has nothing left.</summary>
    public void Advance(Lane lane, DateTimeOffset now, List<ShardDecision> decisions)
    {
        while (lane.HasWork && lane.Top.NotBefore <= now && MayTry)
        {
            if (DropOutdated(lane, now, decisions) || CutToFit(lane))
                continue;
            WorkItem item = lane.Top;
            item.RequestId ??= _requestIds.Next();
            if (!IsTooLarge(lane, item))
            {
                Invoke(lane, item, decisions);
                return;
            }
            Judge(lane, item, new BatchOutcome.Failed("The record's event is larger than 6 MB."), response: null, now, decisions);
        }
    }

    /// <summary>The lane's invocation has ended.</summary>
    public void Finish(Lane lane, BatchOutcome outcome, DateTimeOffset now, List<ShardDecision> decisions)
    {
        lane.IsRunning = false;
        WorkItem item = lane.Top;
        switch (outcome)
        {
            case BatchOutcome.Succeeded succeeded:
                Settle(lane.RecordsOf(item));
                lane.Pop();
                Aggregate(lane, item, succeeded.State);
                break;
            case BatchOutcome.PartlyFailed:
                Judge(lane, item, outcome, new DiscardedResponse(null, null), now, decisions);
                break;
            case BatchOutcome.Failed failed:
                Judge(lane, item, outcome, new DiscardedResponse("Unhandled", failed.Error), now, decisions);
                break;
            case BatchOutcome.Throttled:
                Judge(lane, item, outcome, response: null, now, decisions);
                break;
            default:
                throw new UnreachableException();
        }
    }

    // The function's state is that of the records settled so far. One that has grown too large ends the window at once.
    private void Aggregate(Lane lane, WorkItem item, ReadOnlyMemory<byte>? state)
    {
        if (windows is null)
            return;
        if (item.Ending is not WindowEnding.None)
            windows.End(item.Ending);
        else if (state is { } returned && windows.Aggregate(returned))
            lane.Push(WorkItem.EndOfWindow(WindowEnding.TerminatedEarly));
    }

    // True: something was dropped, and what is left (if anything) is a new item.
    private bool DropOutdated(Lane lane, DateTimeOffset now, List<ShardDecision> decisions)
    {
        WorkItem item = lane.Top;
        if (item.Ending is not WindowEnding.None)
            return DropOutdatedWindow(lane, item, now, decisions);
        ReadOnlySpan<StreamRecord> records = lane.RecordsOf(item);
        int tooOld = _lifetime.LeadingTooOld(records, now);
        if (tooOld > 0)
        {
            Discard(records[..tooOld], DiscardReason.RecordAgeExceeded, item, response: null, now, decisions);
            lane.ReplaceTop(item.Without(tooOld));
            return true;
        }
        int expired = _lifetime.LeadingExpired(records, now);
        if (expired == 0)
            return false;
        RecordsExpired += expired;
        SequenceNumber last = records[expired - 1].SequenceNumber;
        ExpiredThrough = ExpiredThrough > last ? ExpiredThrough : last;      // lanes come here in any order
        Settle(records[..expired]);
        lane.ReplaceTop(item.Without(expired));
        return true;
    }

    private bool DropOutdatedWindow(Lane lane, WorkItem item, DateTimeOffset now, List<ShardDecision> decisions)
    {
        if (!_lifetime.IsTooOld(windows!.Open!, now))
            return false;
        Discard([], DiscardReason.RecordAgeExceeded, item, response: null, now, decisions);
        lane.Pop();
        return true;
    }

    private bool MayTry => windows is null ? !undelivered.IsFull : undelivered.IsEmpty;

    // The state may have grown since the batch was gathered: then what does not fit beside it any more is a batch of its own.
    private bool CutToFit(Lane lane)
    {
        WorkItem item = lane.Top;
        if (windows is null || item.Count < 2 || item.Attempts > 0)
            return false;
        var budget = new BatchBudget(shard.FixedRecordLength, KinesisEventFormat.EnvelopeLengthOf(shard, windows.Open));
        ReadOnlySpan<StreamRecord> records = lane.RecordsOf(item);
        int fitting = 0;
        while (fitting < records.Length && budget.TryAdd(in records[fitting]))
            fitting++;
        if (fitting == records.Length)
            return false;
        lane.ReplaceTop(item.Without(fitting) with { IsNewlyGathered = false });
        lane.Push(new WorkItem(item.Start, fitting) { ClosedBy = item.ClosedBy, IsNewlyGathered = item.IsNewlyGathered });
        return true;
    }

    private bool IsTooLarge(Lane lane, WorkItem item)
    {
        if (item.Count > 1)                                   // was cut to fit
            return false;
        long length = KinesisEventFormat.EnvelopeLengthOf(shard, windows?.Open);
        if (item.Count == 1)
            length += lane.RecordsOf(item)[0].EventLength + shard.FixedRecordLength;
        return length > KinesisEventFormat.EventLengthMax;
    }

    private void Invoke(Lane lane, WorkItem item, List<ShardDecision> decisions)
    {
        lane.Batch.Records = lane.Lend(item);
        lane.Batch.RequestId = item.RequestId!.Value;
        lane.Batch.Attempt = item.Attempts + 1;
        lane.Batch.ClosedBy = item.ClosedBy;
        lane.Batch.IsNewlyGathered = item.IsNewlyGathered;
        lane.Batch.Window = WindowOf(item);
        if (item.Attempts > 0)
            Retries++;
        item.ClosedBy = null;
        item.IsNewlyGathered = false;
        lane.ReplaceTop(item);
        lane.IsRunning = true;
        decisions.Add(lane.Invoke);
    }

    private void Judge(
        Lane lane, WorkItem item, BatchOutcome outcome, DiscardedResponse? response, DateTimeOffset now, List<ShardDecision> decisions)
    {
        ReadOnlySpan<StreamRecord> records = lane.RecordsOf(item);
        switch (_retries.Judge(outcome, item.Count, item.Attempts))
        {
            case RetryVerdict.Shorten:
                var partly = (BatchOutcome.PartlyFailed)outcome;
                Settle(records[..partly.LowestFailedIndex]);
                lane.ReplaceTop(item.Without(partly.LowestFailedIndex));
                Aggregate(lane, item, partly.State);
                break;
            case RetryVerdict.Bisect:
                Bisections++;
                (WorkItem left, WorkItem right) = item.Halves();
                lane.ReplaceTop(right);
                lane.Push(left);
                break;
            case RetryVerdict.Discard:
                item.Attempts++;
                Discard(records, DiscardReason.RetryAttemptsExhausted, item, response, now, decisions);
                lane.Pop();
                break;
            case RetryVerdict.Retry:
                item.Attempts++;
                lane.ReplaceTop(PutOff(item, records, now));
                break;
            case RetryVerdict.TryAgain:
                lane.ReplaceTop(PutOff(item, records, now));
                break;
            default:
                throw new UnreachableException();
        }
    }

    // Waiting on is pointless once every record is too old or gone.
    private WorkItem PutOff(WorkItem item, ReadOnlySpan<StreamRecord> records, DateTimeOffset now)
    {
        item.Tries++;
        DateTimeOffset next = now + Backoff.After(item.Tries);
        DateTimeOffset end = item.Ending is WindowEnding.None ? _lifetime.EndOf(records) : _lifetime.EndOf(windows!.Open!);
        item.NotBefore = end < next ? end : next;
        return item;
    }

    private void Discard(
        ReadOnlySpan<StreamRecord> records, DiscardReason reason, WorkItem item, DiscardedResponse? response, DateTimeOffset now, List<ShardDecision> decisions)
    {
        Guid requestId = item.RequestId ?? _requestIds.Next();
        int count = Math.Max(1, item.Attempts);                   // 1 also when it never ran (open question Q9)
        undelivered.Send(new DiscardedBatch([.. records], reason, requestId, count, response, now) { Window = WindowOf(item) }, decisions);
        readAhead.Resolve(records);
    }

    private TimeWindow? WindowOf(WorkItem item) => windows?.Open is { } open ? new TimeWindow(open, item.Ending) : null;

    private void Settle(ReadOnlySpan<StreamRecord> records)
    {
        readAhead.Resolve(records);
        checkpoints.Settled();
    }
}
