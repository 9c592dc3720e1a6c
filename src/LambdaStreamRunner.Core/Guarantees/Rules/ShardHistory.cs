using System.Diagnostics;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>What the history has told of one shard, and the rules that judge it.</summary>
internal sealed class ShardHistory
{
    private readonly string _shardId;
    private readonly HistoryPromises _promises;
    private readonly ViolationList _violations;
    private readonly RecordTable _table;
    private readonly ShardChecker _checker;
    private readonly BatchForm _form;
    private readonly BatchClosing _closing;
    private readonly RetryShape _retries;
    private readonly LegalDiscards _discards;
    private readonly Filtering _filtering;
    private readonly PassedRecords _passed;
    private readonly EffectOrder _effects;
    private readonly Completeness _completeness;
    private readonly List<LaneWork?> _lanes = [];
    private readonly List<RunningInvocation> _running = [];
    private readonly Stack<RunningInvocation> _spare = [];
    private readonly ExpiryWatch _expiry;
    private DateTimeOffset? _began;
    private ShardPosition? _firstFrom;
    private int _firstPlace;
    private int _discardsUnderWay;

    public ShardHistory(string shardId, HistoryPromises promises, ViolationList violations, RepeatedPuts repeatedPuts)
    {
        (_shardId, _promises, _violations) = (shardId, promises, violations);
        _table = new RecordTable(shardId, promises.Retention);
        var limits = new ShardPromises
        {
            ShardId = shardId,
            BatchSize = promises.Mapping.BatchSize,
            ParallelizationFactor = promises.Mapping.ParallelizationFactor,
            OpenKeysMax = int.MaxValue,
        };
        _checker = new ShardChecker(limits, violations);
        _expiry = new ExpiryWatch(_table);
        _form = new BatchForm(promises, violations);
        _closing = new BatchClosing(promises, _form, _table, violations);
        _retries = new RetryShape(promises.Mapping, violations);
        _discards = new LegalDiscards(promises, _form, _table, violations);
        _filtering = new Filtering(promises, violations);
        _passed = new PassedRecords(_table, violations);
        _effects = new EffectOrder(promises, _table, violations, repeatedPuts);
        _completeness = new Completeness(promises, _table, violations);
    }

    public string ShardId => _shardId;

    /// <summary>True while an invocation runs.</summary>
    public bool IsRunning => _running.Count > 0;

    public bool HasEffects => _effects.HasAny;

    /// <summary>Set when every record must be settled wherever the first machine began.</summary>
    public bool IsExpectedWhole { get; set; }

    /// <summary>Takes a record; false when it is known already.</summary>
    public bool Arrive(HistoryStep.RecordArrived arrived)
    {
        if (!_table.Add(arrived))
            return false;
        _closing.Arrived(arrived.Record);
        return true;
    }

    /// <summary>The first of these records that is delivered now for the first time; null when there is none.</summary>
    public StreamRecord? FirstUndelivered(ReadOnlyMemory<StreamRecord> records)
    {
        foreach (ref readonly StreamRecord record in records.Span)
        {
            if (_table.Find(record.SequenceNumber) is var place and >= 0 && !_table.Has(place, Fates.Delivered))
                return record;
        }
        return null;
    }

    /// <summary>No more records come.</summary>
    public void Close() => _closing.ShardClosed();

    public void Begin(HistoryStep.MachineBegan began)
    {
        Crash();
        int from = _table.FirstFrom(began.From.Position);
        if (_firstFrom is null)
        {
            (_firstFrom, _firstPlace) = (began.From.Position, from);
            _passed.BeginAt(from);
        }
        else
        {
            _passed.Check(began);
        }
        _began = began.Time;
        _lanes.Clear();
        _retries.BeginLife();
        for (int place = from; place < _table.Count; place++)
            _table.Clear(place, Fates.SettledInLife);
        _closing.BeginLife(began.Time, from);
        _discardsUnderWay = 0;
        _checker.Restarted(began.From.Position);
    }

    /// <summary>What ran is lost; the checker hears of that when the next machine begins.</summary>
    public void Crash()
    {
        foreach (RunningInvocation running in _running)
            Release(running);
        _running.Clear();
    }

    public void Start(HistoryStep.InvocationStarted started)
    {
        ForgetExpired(started.Time);
        LaneWork lane = LaneOf(started.Lane);
        RunningInvocation running = _spare.Count > 0 ? _spare.Pop() : new RunningInvocation();
        running.Begin(started, lane);
        _running.Add(running);
        _form.Check(started);
        FindRecords(running);
        if (lane.IsRunning && _violations.Counts(ViolationKind.LaneRanTwice))
            _violations.List(ViolationKind.LaneRanTwice, _shardId, default, started.RequestId, $"invocation {started.RequestId} began in lane {started.Lane} while another ran there.");
        lane.IsRunning = true;
        if (!started.Records.IsEmpty)
            CheckTurn(running);
        _checker.DeliveryStarted(started.RequestId, started.Records.Span);
    }

    public void End(HistoryStep.InvocationEnded ended)
    {
        int at = _running.FindIndex(one => one.RequestId == ended.RequestId);
        if (at < 0)
            return;                                           // its machine crashed: nobody was told
        RunningInvocation running = _running[at];
        _running.RemoveAt(at);
        EndTurn(running, ended);
        SettleAnswered(running, ended);
        Release(running);
        _checker.DeliveryEnded(ended.RequestId, ended.Outcome);
    }

    public void Filter(HistoryStep.Filtered filtered)
    {
        foreach (ref readonly StreamRecord record in filtered.Records.Span)
        {
            int place = _table.Find(record.SequenceNumber);
            if (place >= 0)
                _filtering.CheckPassed(filtered, _table[place].Record);
            Settle(place, filtered.Time);
        }
        _checker.Filtered(filtered.Records.Span);
    }

    public void Discard(HistoryStep.Discarded discarded)
    {
        ReadOnlySpan<StreamRecord> records = discarded.Batch.Records.AsSpan();
        if (records.IsEmpty)
        {
            DiscardWindowEnd(discarded);
            return;
        }
        LaneWork? lane = _lanes.Find(lane => lane is not null && lane.IsAbout(discarded.Batch.Records[0], discarded.Time));
        _discards.Check(discarded, lane);
        if (lane is null)
            _closing.DiscardedUnseen(discarded.Time);
        else
            lane.Discard(Math.Min(records.Length, lane.Next.Length), discarded.Time);
        if (lane is { Next.IsEmpty: true })
            _closing.TurnEnded(discarded.Time);
        if (++_discardsUnderWay >= ShardMachine.UndeliveredDiscardsMax)
            _closing.HeldByDiscards();
        foreach (ref readonly StreamRecord record in records)
            Settle(_table.Find(record.SequenceNumber), discarded.Time);
        _checker.Discarded(records);
    }

    public void SettleDiscard(HistoryStep.DiscardSettled settled)
    {
        _discardsUnderWay--;
        _discards.CheckDelivery(settled);
        _checker.DiscardSettled(settled.Batch.Records.AsSpan());
    }

    public void Save(HistoryStep.CheckpointSaved saved)
    {
        ForgetExpired(saved.Time);
        _passed.Check(saved);
        _checker.CheckpointSaved(saved.Checkpoint.Position);
    }

    public void HaveEffect(HistoryStep.EffectMade made) => _effects.Check(made, _running.Find(one => one.RequestId == made.RequestId));

    /// <summary>The first record that is neither settled nor gone, of those that have to be; null when there is none.</summary>
    public StreamRecord? FirstOpen(DateTimeOffset now)
    {
        for (int place = FirstExpected; place < _table.Count; place++)
        {
            if (!_table.IsOver(place, now))
                return _table[place].Record;
        }
        return null;
    }

    /// <summary>True while the mapping tries records of this shard: one runs, or comes again.</summary>
    public bool IsAtWork => IsRunning || _lanes.Exists(lane => lane is { Next.IsEmpty: false });

    /// <summary>Judges what became of every record.</summary>
    /// <param name="end">The end of the history.</param>
    /// <param name="lastArrival">When the last record arrived, on any shard.</param>
    /// <param name="waitsForParents">True when a shard that this one continues is not done.</param>
    public void Finish(DateTimeOffset end, DateTimeOffset lastArrival, bool waitsForParents) =>
        _completeness.Finish(_shardId, FirstExpected, end, lastArrival, IsAtWork || waitsForParents);

    public void FinishEffects() => _effects.Finish(_shardId);

    private int FirstExpected => _firstFrom switch
    {
        _ when IsExpectedWhole => 0,
        null => _promises.Mapping.StartingPosition is StartingPosition.TrimHorizon ? 0 : _table.Count,
        { Type: ShardIteratorType.Latest } => _firstPlace,
        { } from => _table.FirstFrom(from),
    };

    private LaneWork LaneOf(int lane)
    {
        while (_lanes.Count <= lane)
            _lanes.Add(null);
        return _lanes[lane] ??= new LaneWork(_promises.Mapping, _table, _began);
    }

    private void FindRecords(RunningInvocation running)
    {
        ReadOnlySpan<StreamRecord> records = running.Started.Records.Span;
        for (int position = 0; position < records.Length; position++)
        {
            int place = _table.Find(records[position].SequenceNumber);
            running.SetPlace(position, place);
            if (place < 0)
            {
                _form.ReportElsewhere(running.Started, in records[position]);
                continue;
            }
            if (!_table.Has(place, Fates.Delivered))
                _filtering.CheckDelivered(running.Started, _table[place].Record);
            _table.Set(place, Fates.Delivered | Fates.Runs);
        }
    }

    private void CheckTurn(RunningInvocation running)
    {
        LaneStep step = running.Lane.Begin(running.Started);
        if (step is LaneStep.NewBatch)
            _closing.Check(running.Started, running.Places[0], running.Lane);
        _retries.Check(running.Started, running.Lane, step);
    }

    private void EndTurn(RunningInvocation running, HistoryStep.InvocationEnded ended)
    {
        LaneWork lane = running.Lane;
        lane.IsRunning = false;
        if (running.Started.Records.IsEmpty)
        {
            bool failed = ended.Outcome is BatchOutcome.Failed or BatchOutcome.PartlyFailed;
            lane.FailedWindowEnds = failed ? lane.FailedWindowEnds + 1 : ended.Outcome is BatchOutcome.Succeeded ? 0 : lane.FailedWindowEnds;
            return;
        }
        if (lane.Next.IsEmpty)
            return;                                           // another invocation ran there as well, which was reported
        lane.End(ended.Outcome, ended.Time);
        if (lane.Next.IsEmpty)
            _closing.TurnEnded(ended.Time);
    }

    private void SettleAnswered(RunningInvocation running, HistoryStep.InvocationEnded ended)
    {
        int settled = ended.Outcome switch
        {
            BatchOutcome.Succeeded => running.Places.Length,
            BatchOutcome.PartlyFailed partly => Math.Min(partly.LowestFailedIndex, running.Places.Length),
            BatchOutcome.Failed or BatchOutcome.Throttled => 0,
            _ => throw new UnreachableException(),
        };
        foreach (int place in running.Places[..settled])
        {
            Settle(place, ended.Time);
            if (place >= 0)
                _table.Set(place, Fates.Succeeded);
        }
    }

    private void Settle(int place, DateTimeOffset time)
    {
        if (place < 0)
            return;
        if (!_table.Has(place, Fates.Settled))
            _completeness.Settled(place, time);
        if (!_table.Has(place, Fates.SettledInLife))
            _closing.Settled(_table[place].Record, time);
        _table.Set(place, Fates.Settled | Fates.SettledInLife);
    }

    private void DiscardWindowEnd(HistoryStep.Discarded discarded)
    {
        LaneWork lane = LaneOf(0);                            // with tumbling windows there is one
        _discards.CheckWindowEnd(discarded, lane.FailedWindowEnds);
        lane.FailedWindowEnds = 0;
        _checker.Discarded([]);
    }

    private void Release(RunningInvocation running)
    {
        _effects.End(running);
        foreach (int place in running.Places)
        {
            if (place < 0)
                continue;
            _table.Clear(place, Fates.Runs);
            if (!_table.Has(place, Fates.SettledInLife))
                _expiry.Watch(place);
        }
        _spare.Push(running);
    }

    /// <summary>Records that were tried and have left retention since may be passed by later ones.</summary>
    private void ForgetExpired(DateTimeOffset now)
    {
        while (_expiry.TryTake(now, out int place))
            _checker.Expired(_table[place].Record);
    }
}
