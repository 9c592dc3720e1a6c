using System.Collections.Immutable;
using System.Diagnostics;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings;

/// <summary>The rules of one mapping for one shard: same inputs, same decisions, always.</summary>
/// <remarks>
/// One owner, one thread at a time. Events come in with the time, decisions come out; nothing here waits or looks at a
/// clock. Records go down once, from a read through the sequencer into a lane's batch; outcomes go down once, from the
/// verdict to the checkpoint.
/// </remarks>
public sealed class ShardMachine
{
    /// <summary>Discarded batches that may wait for their destination; past it no new attempt begins.</summary>
    public const int UndeliveredDiscardsMax = 1_000;

    private readonly RetryPolicy _retries;
    private readonly BatchGatherer _gatherer;
    private readonly PartitionKeySequencer _sequencer;
    private readonly ReadAhead _readAhead;
    private readonly Polling _polling;
    private readonly CheckpointTracker _checkpoints;
    private readonly Lane[] _lanes;
    private readonly List<DiscardedBatch> _undelivered = [];
    private RequestIds _requestIds;
    private DateTimeOffset _now;
    private DateTimeOffset? _wakeAt;
    private StopMode? _stopping;
    private bool _hasBegun;
    private long _recordsRead;
    private long _retryCount;
    private long _bisectionCount;
    private long _recordsExpired;
    private long _recordsSettledBefore;

    /// <summary>A machine that has done nothing yet; its first <see cref="Step"/> (any event, TimerDue by custom) begins reading.</summary>
    public ShardMachine(EventSourceMapping mapping, ShardContext shard)
        : this(mapping, shard, SequencerFor(mapping, shard))
    {
    }

    internal ShardMachine(EventSourceMapping mapping, ShardContext shard, PartitionKeySequencer sequencer)
    {
        (Mapping, Shard) = (mapping, shard);
        _retries = new RetryPolicy(mapping);
        _gatherer = new BatchGatherer(mapping);
        _sequencer = sequencer;
        _readAhead = new ReadAhead(sequencer, mapping, shard);
        _polling = new Polling(mapping.Polling, _readAhead);
        _lanes = [.. Enumerable.Range(0, mapping.ParallelizationFactor).Select(lane => new Lane(lane))];
        _checkpoints = new CheckpointTracker(_lanes, sequencer, _readAhead, _undelivered, mapping);
        _requestIds = new RequestIds(shard.Seed);
    }

    /// <summary>The settings.</summary>
    public EventSourceMapping Mapping { get; }

    /// <summary>The shard.</summary>
    public ShardContext Shard { get; }

    /// <summary>True after CloseShard: no event is taken any more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Where the main cursor reads on.</summary>
    public ShardPosition ReadPosition => _readAhead.MainPosition;

    /// <summary>True when nothing that was read waits, runs or is to be read again.</summary>
    public bool IsSettled => _readAhead.HeldRecords == 0 && !_readAhead.HasBehind && _undelivered.Count == 0;

    /// <summary>Highest number that left retention before it was processed; null when none has.</summary>
    public SequenceNumber? ExpiredThrough { get; private set; }

    /// <summary>Numbers that only the machine knows.</summary>
    public ShardCounters Counters => new(_recordsRead, _retryCount, _bisectionCount, _recordsExpired, _recordsSettledBefore);

    /// <summary>Takes one event and adds what shall be done to <paramref name="decisions"/>, in the order in which to do it.</summary>
    /// <param name="now">The time of the event. A clock that steps back is held.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="decisions">Receives the decisions; the driver empties and reuses it.</param>
    public void Step(DateTimeOffset now, ShardEvent happened, List<ShardDecision> decisions)
    {
        if (IsClosed)
            throw new InvalidOperationException($"{Shard.ShardId} is closed and takes no more events.");
        AssertInvariants();
        _now = now > _now ? now : _now;
        if (!_hasBegun)
            Begin();

        Apply(happened, decisions);
        foreach (Lane lane in _lanes)
            Drive(lane, decisions);
        _polling.Plan(_now, decisions);
        SaveCheckpoint(decisions);
        Wake(decisions);
        CloseWhenDone(decisions);
    }

    /// <summary>Where the machine stands.</summary>
    public ShardStatus GetStatus()
    {
        ImmutableArray<LaneStatus>.Builder lanes = ImmutableArray.CreateBuilder<LaneStatus>();
        foreach (Lane lane in _lanes)
        {
            if (!lane.HasWork)
                continue;
            WorkItem top = lane.Top;
            LaneState state = lane.IsRunning ? LaneState.Running : LaneState.BackingOff;
            lanes.Add(new LaneStatus(lane.Batch.Lane, state, lane.FirstUnsettled, top.Attempts, lane.IsRunning ? null : top.NotBefore));
        }
        return new ShardStatus(_readAhead.LastRead, _checkpoints.LowestUnsettled, _readAhead.HeldRecords, lanes.ToImmutable());
    }

    private static PartitionKeySequencer SequencerFor(EventSourceMapping mapping, ShardContext shard) => mapping.LanePolicy switch
    {
        LanePolicy.HashLanes => new HashLanes(mapping, shard.HashKeyRange),
        LanePolicy.DynamicKeys => new DynamicKeys(mapping, shard.FixedRecordLength),
        _ => throw new UnreachableException(),
    };

    // The first window runs from the first poll (open question Q18).
    private void Begin()
    {
        _hasBegun = true;
        foreach (Lane lane in _lanes)
            lane.WindowEnd = _now + Mapping.MaximumBatchingWindow;
    }

    private void Apply(ShardEvent happened, List<ShardDecision> decisions)
    {
        switch (happened)
        {
            case ShardEvent.RecordsRead read:
                Accept(read);
                break;
            case ShardEvent.BatchFinished finished:
                Finish(finished, decisions);
                break;
            case ShardEvent.TimerDue:
                break;
            case ShardEvent.ReadFailed failed:
                _polling.Failed(failed.Cursor, _now);
                break;
            case ShardEvent.ShardEnded:
                _polling.EndReached = true;
                break;
            case ShardEvent.CheckpointSaved:
                _checkpoints.Saved();
                break;
            case ShardEvent.DiscardDelivered delivered:
                SettleDiscard(delivered.Batch);
                break;
            case ShardEvent.DiscardFailed failed:
                SettleDiscard(failed.Batch);
                break;
            case ShardEvent.StopRequested stop:
                Stop(stop.Mode);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Accept(ShardEvent.RecordsRead read)
    {
        _polling.Answered(read.Cursor);
        if (_stopping is not null)
            return;
        if (read.Cursor is ReadCursor.CatchUp)
        {
            _readAhead.AcceptCatchUp(read.Records);
            if (_readAhead.CatchUpPosition is null)
                _checkpoints.Settled();                       // what was to be read again may have left retention
            return;
        }
        (int passed, int settledBefore) = _readAhead.AcceptMain(read.Records);
        _recordsRead += passed;
        if (settledBefore == 0)
            return;
        _recordsSettledBefore += settledBefore;
        _checkpoints.Settled();
    }

    private void Stop(StopMode mode)
    {
        _stopping = mode;
        _polling.IsOver = true;
    }

    // Gathers and starts until the lane runs, waits, or has nothing.
    private void Drive(Lane lane, List<ShardDecision> decisions)
    {
        while (!lane.IsRunning && _stopping is not StopMode.SettleInFlight)
        {
            if (!lane.HasWork && !Gather(lane))
                return;
            if (!StartNext(lane, decisions))
                return;
        }
    }

    private bool Gather(Lane lane)
    {
        Waiting waiting = _sequencer.WaitingFor(lane.Batch.Lane);
        if (_gatherer.WhyClose(waiting, _now, lane.WindowEnd, NoMoreToCome) is not { } reason)
            return false;

        Span<StreamRecord> memory = lane.Reserve(Math.Min(Mapping.BatchSize, waiting.Records));
        int count = _sequencer.Take(lane.Batch.Lane, memory, new BatchBudget(Shard.FixedRecordLength));
        bool isCutShort = count < memory.Length;              // the event was full first
        lane.Push(new WorkItem(0, count) { ClosedBy = isCutShort ? FlushReason.Payload : reason });
        lane.IsReleased = false;
        _readAhead.GroupsMayBeFree();
        return true;
    }

    private FlushReason? NoMoreToCome
    {
        get
        {
            if (_stopping is StopMode.Drain)
                return FlushReason.Drain;
            return _polling.EndReached && !_readAhead.HasBehind ? FlushReason.ShardEnd : null;
        }
    }

    // Reference 4.2, steps 2 and 3. False: the lane runs now, or must wait.
    private bool StartNext(Lane lane, List<ShardDecision> decisions)
    {
        WorkItem item = lane.Top;
        if (item.NotBefore > _now || _undelivered.Count >= UndeliveredDiscardsMax)
            return false;
        if (DropOutdated(lane, item, decisions))
        {
            ReleaseWhenDone(lane);
            return true;
        }
        item.RequestId ??= _requestIds.Next();
        if (IsTooLarge(lane, item))
        {
            Judge(lane, item, new BatchOutcome.Failed("The record's event is larger than 6 MB."), response: null, decisions);
            return true;
        }
        Invoke(lane, item, decisions);
        return false;
    }

    private void Invoke(Lane lane, WorkItem item, List<ShardDecision> decisions)
    {
        lane.Batch.Records = lane.Lend(item);
        lane.Batch.RequestId = item.RequestId!.Value;
        lane.Batch.Attempt = item.Attempts + 1;
        lane.Batch.ClosedBy = item.ClosedBy;
        if (item.Attempts > 0)
            _retryCount++;
        item.ClosedBy = null;
        lane.ReplaceTop(item);
        lane.IsRunning = true;
        decisions.Add(lane.Invoke);
    }

    private bool IsTooLarge(Lane lane, WorkItem item) =>
        item.Count == 1
        && KinesisEventFormat.EnvelopeLength + lane.FirstUnsettled.EventLength + Shard.FixedRecordLength > KinesisEventFormat.EventLengthMax;

    // Cuts leading records that are too old (a discard) or no longer retained (silence); what is left is a new item.
    private bool DropOutdated(Lane lane, WorkItem item, List<ShardDecision> decisions)
    {
        ReadOnlySpan<StreamRecord> records = lane.RecordsOf(item);
        int aged = LeadingOlderThan(records, Mapping.MaximumRecordAge);
        if (aged > 0)
        {
            Discard(records[..aged], DiscardReason.RecordAgeExceeded, item, response: null, decisions);
            lane.ReplaceTop(item.Without(aged));
            return true;
        }
        int expired = LeadingOlderThan(records, Shard.Retention);
        if (expired == 0)
            return false;
        _recordsExpired += expired;
        ExpiredThrough = records[expired - 1].SequenceNumber;
        Settle(records[..expired]);
        lane.ReplaceTop(item.Without(expired));
        return true;
    }

    private int LeadingOlderThan(ReadOnlySpan<StreamRecord> records, TimeSpan? age)
    {
        if (age is not { } limit)
            return 0;
        long youngestTooOld = (_now - limit).ToUnixTimeMilliseconds();
        int leading = 0;
        while (leading < records.Length && records[leading].ArrivalMilliseconds <= youngestTooOld)
            leading++;
        return leading;
    }

    private void Finish(ShardEvent.BatchFinished finished, List<ShardDecision> decisions)
    {
        Lane lane = _lanes[finished.Batch.Lane];
        if (!lane.IsRunning || !ReferenceEquals(lane.Batch, finished.Batch))
            throw new InvalidOperationException($"{Shard.ShardId}: lane {finished.Batch.Lane} has no invocation under way.");
        lane.IsRunning = false;
        WorkItem item = lane.Top;
        switch (finished.Outcome)
        {
            case BatchOutcome.Succeeded:
                Settle(lane.RecordsOf(item));
                lane.Pop();
                break;
            case BatchOutcome.PartlyFailed:
                Judge(lane, item, finished.Outcome, new DiscardedResponse(null, null), decisions);
                break;
            case BatchOutcome.Failed failed:
                Judge(lane, item, finished.Outcome, new DiscardedResponse("Unhandled", failed.Error), decisions);
                break;
            case BatchOutcome.Throttled:
                Judge(lane, item, finished.Outcome, response: null, decisions);
                break;
            default:
                throw new UnreachableException();
        }
        ReleaseWhenDone(lane);
    }

    private void Judge(Lane lane, WorkItem item, BatchOutcome outcome, DiscardedResponse? response, List<ShardDecision> decisions)
    {
        ReadOnlySpan<StreamRecord> records = lane.RecordsOf(item);
        switch (_retries.Judge(outcome, item.Count, item.Attempts))
        {
            case RetryVerdict.Shorten:
                int done = ((BatchOutcome.PartlyFailed)outcome).LowestFailedIndex;
                Settle(records[..done]);
                lane.ReplaceTop(item.Without(done));
                break;
            case RetryVerdict.Bisect:
                _bisectionCount++;
                (WorkItem left, WorkItem right) = item.Halves();
                lane.ReplaceTop(right);
                lane.Push(left);
                break;
            case RetryVerdict.Discard:
                item.Attempts++;
                Discard(records, DiscardReason.RetryAttemptsExhausted, item, response, decisions);
                lane.Pop();
                break;
            case RetryVerdict.Retry:
                item.Attempts++;
                lane.ReplaceTop(PutOff(item, records));
                break;
            case RetryVerdict.TryAgain:
                lane.ReplaceTop(PutOff(item, records));
                break;
            default:
                throw new UnreachableException();
        }
        ReleaseWhenDone(lane);
    }

    // Waiting on is pointless once the youngest record is too old or gone. It need not be the last: arrival times may step back.
    private WorkItem PutOff(WorkItem item, ReadOnlySpan<StreamRecord> records)
    {
        item.Tries++;
        DateTimeOffset next = _now + Backoff.After(item.Tries);
        TimeSpan lifetime = Mapping.MaximumRecordAge is { } age && age < Shard.Retention ? age : Shard.Retention;
        long youngest = long.MinValue;
        foreach (ref readonly StreamRecord record in records)
            youngest = Math.Max(youngest, record.ArrivalMilliseconds);
        DateTimeOffset end = DateTimeOffset.FromUnixTimeMilliseconds(youngest) + lifetime;
        item.NotBefore = end < next ? end : next;
        return item;
    }

    private void Discard(
        ReadOnlySpan<StreamRecord> records, DiscardReason reason, WorkItem item, DiscardedResponse? response, List<ShardDecision> decisions)
    {
        Guid requestId = item.RequestId ?? _requestIds.Next();
        int count = Math.Max(1, item.Attempts);                   // 1 also when it never ran (open question Q9)
        var discarded = new DiscardedBatch([.. records], reason, requestId, count, response, _now);
        _undelivered.Add(discarded);
        _readAhead.Resolve(records);
        decisions.Add(new ShardDecision.SendToDestination(discarded));
    }

    private void SettleDiscard(DiscardedBatch batch)
    {
        if (!_undelivered.Remove(batch))
            throw new InvalidOperationException($"{Shard.ShardId}: {batch.RequestId} is not waiting for its destination.");
        _checkpoints.Settled();
    }

    private void Settle(ReadOnlySpan<StreamRecord> records)
    {
        _readAhead.Resolve(records);
        _checkpoints.Settled();
    }

    private void ReleaseWhenDone(Lane lane)
    {
        if (lane.HasWork || lane.IsReleased)
            return;
        lane.IsReleased = true;
        lane.WindowEnd = _now + Mapping.MaximumBatchingWindow;
        _sequencer.Release(lane.Batch.Lane);
        _readAhead.GroupsMayBeFree();
    }

    private void SaveCheckpoint(List<ShardDecision> decisions)
    {
        if (_checkpoints.BeginSave(shardEnded: _polling.EndReached && IsSettled) is { } checkpoint)
            decisions.Add(new ShardDecision.SaveCheckpoint(checkpoint));
    }

    private void Wake(List<ShardDecision> decisions)
    {
        if (_wakeAt <= _now)
            _wakeAt = null;
        DateTimeOffset? due = _polling.DueAt;
        foreach (Lane lane in _lanes)
        {
            if (DueOf(lane) is { } time && (due is null || time < due))
                due = time;
        }
        if (due is not { } next || next <= _now || next == _wakeAt)
            return;
        _wakeAt = next;
        decisions.Add(new ShardDecision.WakeAt(next));
    }

    private DateTimeOffset? DueOf(Lane lane)
    {
        if (lane.IsRunning || _stopping is StopMode.SettleInFlight)
            return null;
        if (lane.HasWork)
            return lane.Top.NotBefore;
        return _sequencer.WaitingFor(lane.Batch.Lane).Records > 0 ? lane.WindowEnd : null;
    }

    private void CloseWhenDone(List<ShardDecision> decisions)
    {
        CloseReason? reason = null;
        if (_polling.EndReached && IsSettled && _checkpoints.EndIsSaved)
            reason = CloseReason.ShardEnd;
        else if (_stopping is not null && HasStopped && _checkpoints.IsSaved)
            reason = CloseReason.Stopped;
        if (reason is not { } why)
            return;
        IsClosed = true;
        decisions.Add(new ShardDecision.CloseShard(why));
    }

    // Work that is not running when in-flight work is settled stays where it is: the checkpoint stands before it (open question Q25).
    private bool HasStopped
    {
        get
        {
            if (_undelivered.Count > 0 || Array.Exists(_lanes, lane => lane.IsRunning))
                return false;
            return _stopping is StopMode.SettleInFlight || _readAhead.HeldRecords == 0;
        }
    }

    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        int inLanes = _lanes.Sum(lane => lane.UnresolvedRecords);
        Debug.Assert(_readAhead.HeldRecords >= inLanes, "A record in a lane is held.");
        Debug.Assert(Array.TrueForAll(_lanes, lane => !lane.IsRunning || lane.HasWork), "A running lane has work.");
    }
}
