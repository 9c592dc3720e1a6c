using System.Collections.Immutable;
using System.Diagnostics;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Mappings.Windows;
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

    private readonly ReadAhead _readAhead;
    private readonly Polling _polling;
    private readonly TumblingWindows? _windows;
    private readonly Lane[] _lanes;
    private readonly LaneTurns _turns;
    private readonly LaneAttempts _attempts;
    private readonly UndeliveredDiscards _undelivered = new();
    private readonly CheckpointTracker _checkpoints;
    private WakeUp _wakeUp;
    private DateTimeOffset _now;
    private StopMode? _stopping;
    private bool _hasBegun;
    private long _recordsRead;
    private long _recordsSettledBefore;
    private long _recordsFiltered;

    /// <summary>A machine that has done nothing yet; its first <see cref="Step"/> (any event, TimerDue by custom) begins reading.</summary>
    public ShardMachine(EventSourceMapping mapping, ShardContext shard)
        : this(mapping, shard, SequencerFor(mapping, shard))
    {
    }

    internal ShardMachine(EventSourceMapping mapping, ShardContext shard, PartitionKeySequencer sequencer)
    {
        (Mapping, Shard) = (mapping, shard);
        _lanes = [.. Enumerable.Range(0, mapping.ParallelizationFactor).Select(lane => new Lane(lane))];
        _readAhead = new ReadAhead(sequencer, mapping, shard);
        _windows = TumblingWindows.Of(mapping, shard);
        _polling = new Polling(mapping.Polling, _readAhead, seeksTip: _windows is not null);
        _turns = new LaneTurns(mapping, shard, sequencer, _readAhead, _polling, _windows);
        _checkpoints = new CheckpointTracker(_lanes, sequencer, _readAhead, _undelivered, mapping, _windows);
        _attempts = new LaneAttempts(mapping, shard, _readAhead, _undelivered, _checkpoints, _windows);
    }

    /// <summary>The settings.</summary>
    public EventSourceMapping Mapping { get; }

    /// <summary>The shard.</summary>
    public ShardContext Shard { get; }

    /// <summary>True after CloseShard: no event is taken any more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Where the main cursor reads on.</summary>
    public ShardPosition ReadPosition => _readAhead.MainPosition;

    /// <summary>True when nothing that was read waits, runs or is to be read again, and no tumbling window is open.</summary>
    public bool IsSettled => _readAhead.HeldRecords == 0 && !_readAhead.HasBehind && _undelivered.IsEmpty && _windows?.Kept is null;

    /// <summary>Highest number that left retention before it was processed; null when none has.</summary>
    public SequenceNumber? ExpiredThrough => _attempts.ExpiredThrough;

    /// <summary>Numbers that only the machine knows.</summary>
    public ShardCounters Counters => new(
        _recordsRead, _attempts.Retries, _attempts.Bisections, _attempts.RecordsExpired, _recordsSettledBefore, _recordsFiltered);

    /// <summary>Records that no filter wanted, of the last step: settled in it, and known to nobody else. Valid until the next one.</summary>
    public IReadOnlyList<ReadOnlyMemory<StreamRecord>> FilteredInStep => _readAhead.Filtered.Runs;

    /// <summary>Takes one event and adds what shall be done to <paramref name="decisions"/>, in the order in which to do it.</summary>
    /// <param name="now">The time of the event. A clock that steps back is held.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="decisions">Receives the decisions; the driver empties and reuses it.</param>
    public void Step(DateTimeOffset now, ShardEvent happened, List<ShardDecision> decisions)
    {
        if (IsClosed)
            throw new InvalidOperationException($"{Shard.ShardId} is closed and takes no more events.");
        AssertInvariants();
        _readAhead.Filtered.Clear();
        _now = now > _now ? now : _now;
        if (!_hasBegun)
            Begin();

        Apply(happened, decisions);
        foreach (Lane lane in _lanes)
            Drive(lane, decisions);
        _polling.Plan(_now, decisions);
        SaveCheckpoint(decisions);
        _wakeUp.Ask(_now, DueAt, decisions);
        CloseWhenDone(decisions);
    }

    /// <summary>Where the machine stands.</summary>
    public ShardStatus GetStatus()
    {
        ImmutableArray<LaneStatus>.Builder lanes = ImmutableArray.CreateBuilder<LaneStatus>();
        foreach (Lane lane in _lanes)
        {
            if (lane.GetStatus() is { } status)
                lanes.Add(status);
        }
        return new ShardStatus(_readAhead.LastRead, _checkpoints.LowestUnsettled, _readAhead.HeldRecords, lanes.ToImmutable()) { Window = _windows?.Kept };
    }

    // A tumbling window wants its shard's records in one line, also those that are read again: with one lane, hash lanes are that.
    private static PartitionKeySequencer SequencerFor(EventSourceMapping mapping, ShardContext shard) => mapping.LanePolicy switch
    {
        _ when mapping.TumblingWindow > TimeSpan.Zero => new HashLanes(mapping, shard.HashKeyRange),
        LanePolicy.HashLanes when shard.LaneOfKey is { } laneOfKey => new GivenLanes(mapping, laneOfKey),
        LanePolicy.HashLanes => new HashLanes(mapping, shard.HashKeyRange),
        LanePolicy.DynamicKeys => new DynamicKeys(mapping, shard.FixedRecordLength),
        _ => throw new UnreachableException(),
    };

    // The first window runs from the first poll (open question Q18).
    private void Begin()
    {
        _hasBegun = true;
        foreach (Lane lane in _lanes)
            _turns.OpenWindow(lane, _now);
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
                Settle(delivered.Batch);
                break;
            case ShardEvent.DiscardFailed failed:
                Settle(failed.Batch);
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
        _polling.Answered(read.Cursor, read.Records.IsEmpty);
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
        if (passed > 0)
            _windows?.Passed(read.Records.Slice(passed - 1).FirstSpan[0].ArrivalMilliseconds);
        _recordsSettledBefore += settledBefore;
        _recordsFiltered += _readAhead.Filtered.Count;
        if (settledBefore + _readAhead.Filtered.Count > 0)
            _checkpoints.Settled();
    }

    private void Settle(DiscardedBatch batch)
    {
        _undelivered.Settle(batch);
        if (batch.Window is { IsFinalInvoke: true } last)
            _windows!.End(last.Ending);
        _checkpoints.Settled();
    }

    private void Stop(StopMode mode)
    {
        _stopping = mode;
        _polling.IsOver = true;
    }

    private void Finish(ShardEvent.BatchFinished finished, List<ShardDecision> decisions)
    {
        Lane lane = _lanes[finished.Batch.Lane];
        if (!lane.IsRunning || !ReferenceEquals(lane.Batch, finished.Batch))
            throw new InvalidOperationException($"{Shard.ShardId}: lane {finished.Batch.Lane} has no invocation under way.");
        _attempts.Finish(lane, finished.Outcome, _now, decisions);
        if (!lane.HasWork)
            _turns.End(lane, _now);
    }

    // Turn after turn, until the lane runs, waits, or has nothing to begin one with.
    private void Drive(Lane lane, List<ShardDecision> decisions)
    {
        if (lane.IsRunning || _stopping is StopMode.SettleInFlight || IsHeldByDiscard)
            return;
        while (lane.HasWork || (!IsHeldByDiscard && _turns.TryBegin(lane, _now, NoMoreToCome)))
        {
            _attempts.Advance(lane, _now, decisions);
            if (lane.HasWork)
                return;
            _turns.End(lane, _now);
        }
    }

    // The state of a window must not be ahead of the checkpoint: what is later than a discard waits until that is settled.
    private bool IsHeldByDiscard => _windows is not null && !_undelivered.IsEmpty;

    private FlushReason? NoMoreToCome
    {
        get
        {
            if (_stopping is StopMode.Drain)
                return FlushReason.Drain;
            return _polling.EndReached && !_readAhead.HasBehind ? FlushReason.ShardEnd : null;
        }
    }

    private void SaveCheckpoint(List<ShardDecision> decisions)
    {
        if (_checkpoints.BeginSave(shardEnded: _polling.EndReached && IsSettled) is { } checkpoint)
            decisions.Add(new ShardDecision.SaveCheckpoint(checkpoint));
    }

    private DateTimeOffset? DueAt
    {
        get
        {
            DateTimeOffset? due = _polling.DueAt;
            if (_stopping is StopMode.SettleInFlight || IsHeldByDiscard)
                return due;
            foreach (Lane lane in _lanes)
            {
                if (!lane.IsRunning && _turns.DueAt(lane) is { } time && (due is null || time < due))
                    due = time;
            }
            return due;
        }
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
            if (!_undelivered.IsEmpty || Array.Exists(_lanes, lane => lane.IsRunning))
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
