using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees;

/// <summary>Watches what the handler of one mapping really sees of one shard, and says which promise was broken.</summary>
/// <remarks>
/// Independent of what decides: it knows deliveries, answers, discards and checkpoints, and nothing of lanes. The driver
/// tells it each thing in the order in which it happened. It remembers what lies above the checkpoint; past
/// <see cref="ShardPromises.OpenKeysMax"/> keys it watches a sample of them, says so, and counts every delivery of the
/// other keys as that of a distinct record. It belongs to one thread; counts and violations may be read from others.
/// </remarks>
public sealed class ShardChecker
{
    private readonly OpenKeys _keys;
    private readonly RecordLedger _ledger;
    private readonly ViolationLog _violations;
    private readonly RunningDeliveries _running = new();
    private readonly List<SequenceNumber> _discardsUnderWay = [];      // first numbers of batches on the way to the destination
    private ShardPromises _promises;

    /// <summary>A checker that has seen nothing yet.</summary>
    /// <param name="promises">What the shard is held to.</param>
    public ShardChecker(ShardPromises promises)
        : this(promises, new ViolationList(ViolationLog.ListedMax))
    {
    }

    /// <summary>A checker of one shard among several, whose violations are kept together.</summary>
    internal ShardChecker(ShardPromises promises, ViolationList violations)
    {
        _promises = promises;
        _keys = new OpenKeys(promises.OpenKeysMax);
        _violations = new ViolationLog(promises, violations);
        _ledger = new RecordLedger(_keys, _violations);
    }

    /// <summary>The shard's id.</summary>
    public string ShardId => _promises.ShardId;

    /// <summary>Records handed to the handler, repetitions included; throttled invocations never reached it.</summary>
    public long Deliveries { get; private set; }

    /// <summary>Different records handed to the handler.</summary>
    public long DistinctRecords => _ledger.DistinctRecords;

    /// <summary>Deliveries of records that the handler had seen before: legal after failures and restarts.</summary>
    public long DuplicateDeliveries => Deliveries - DistinctRecords;

    /// <summary>Different records that succeeded, were filtered or were discarded.</summary>
    public long Settled => _ledger.Settled;

    /// <summary>Batches that the handler has now.</summary>
    public int Running => _running.Count;

    /// <summary>True once there were more open keys than the bound: from then on a part of the keys is watched.</summary>
    public bool IsSampling => _keys.IsSampling;

    /// <summary>Broken promises of every kind.</summary>
    public long ViolationCount => _violations.Count;

    /// <summary>Broken promises about order: what the summary calls orderViolations.</summary>
    public long OrderViolationCount => _violations.OrderCount;

    /// <summary>The first 100 violations.</summary>
    public ImmutableArray<Violation> Violations => _violations.Listed;

    /// <summary>A batch was handed to the handler.</summary>
    /// <param name="requestId">The id that the handler sees; two batches that run at the same time have different ones.</param>
    /// <param name="records">Its records; they are not kept.</param>
    public void DeliveryStarted(Guid requestId, ReadOnlySpan<StreamRecord> records)
    {
        RunningDelivery delivery = _running.Begin(requestId, records.Length);
        CheckLimits(requestId, records.Length);

        SequenceNumber previous = default;
        foreach (ref readonly StreamRecord record in records)
        {
            if (record.SequenceNumber <= previous)
                _violations.BatchOutOfOrder(requestId, record, previous);
            previous = record.SequenceNumber;
            Deliver(delivery, record);
        }
        Deliveries += records.Length;
    }

    /// <summary>The handler answered, failed, or (throttled) never had the batch.</summary>
    /// <param name="requestId">The id of <see cref="DeliveryStarted"/>.</param>
    /// <param name="outcome">As judged from the function's own answer.</param>
    public void DeliveryEnded(Guid requestId, BatchOutcome outcome)
    {
        RunningDelivery delivery = _running.Take(requestId)
            ?? throw new ArgumentException($"No delivery {requestId} is running on {_promises.ShardId}.", nameof(requestId));
        switch (outcome)
        {
            case BatchOutcome.Succeeded:
                _ledger.Settle(delivery, delivery.Count);
                break;
            case BatchOutcome.PartlyFailed partly:
                _ledger.Settle(delivery, partly.LowestFailedIndex);
                break;
            case BatchOutcome.Throttled:
                Deliveries -= delivery.Count;
                _ledger.Withdraw(delivery);
                break;
            case BatchOutcome.Failed:
                break;
            default:
                throw new UnreachableException();
        }
        _running.End(delivery);
    }

    /// <summary>Records were given up, whether the handler saw them or not: later ones may follow at once.</summary>
    /// <param name="records">The records of one discarded batch, in order.</param>
    public void Discarded(ReadOnlySpan<StreamRecord> records)
    {
        _ledger.SettleUndelivered(records);
        if (!records.IsEmpty)                                 // the end of a tumbling window is no record
            _discardsUnderWay.Add(records[0].SequenceNumber);
    }

    /// <summary>The destination has a discarded batch, or never will: now the checkpoint may pass it.</summary>
    /// <param name="records">The same records as those given up.</param>
    public void DiscardSettled(ReadOnlySpan<StreamRecord> records)
    {
        if (!records.IsEmpty)
            _discardsUnderWay.Remove(records[0].SequenceNumber);
    }

    /// <summary>Records were filtered out where they were read, perhaps ahead of earlier ones of their keys: the handler must not see them.</summary>
    /// <param name="records">The records, in order.</param>
    public void Filtered(ReadOnlySpan<StreamRecord> records) => _ledger.Filter(records);

    /// <summary>Records below this number have left retention: nobody will see or settle them any more, save what the handler has now.</summary>
    public void Trimmed(SequenceNumber horizon) => _keys.RemoveUnsettledBelow(horizon, _ledger.Life);

    /// <summary>One record has left retention: later ones may pass it, though it may also still be tried.</summary>
    internal void Expired(in StreamRecord record)
    {
        if (_keys.Find(record.KeyHash, _ledger.Life) is not { } key)
            return;
        ref UnsettledRecord unsettled = ref key.Find(record.SequenceNumber);
        if (!Unsafe.IsNullRef(ref unsettled))
            unsettled.MayBeSkipped = true;
    }

    /// <summary>A checkpoint was stored.</summary>
    /// <param name="position">Every record before it must be settled.</param>
    public void CheckpointSaved(ShardPosition position)
    {
        SequenceNumber next = FirstNumberOf(position);
        if (next < _ledger.Checkpoint)
        {
            _violations.CheckpointMovedBack(position, _ledger.Checkpoint);
            return;
        }
        CheckPassed(_ledger.Checkpoint, next);
        _ledger.Checkpoint = next;
    }

    /// <summary>A new machine began at a position, with nothing in flight: what lies above may be delivered once more.</summary>
    /// <param name="from">The position.</param>
    /// <param name="promises">What the shard is held to from now on; as before when null. OpenKeysMax stays.</param>
    public void Restarted(ShardPosition from, ShardPromises? promises = null)
    {
        _promises = _violations.Promises = promises ?? _promises;
        CheckpointSaved(from);
        _ledger.BeginLife(FirstNumberOf(from));
        _discardsUnderWay.Clear();
        _running.EndAll();
    }

    /// <summary>The end of a history: each of these records must be settled.</summary>
    /// <param name="expected">Records of the shard from the starting position on, in any order.</param>
    public void Finish(IEnumerable<StreamRecord> expected)
    {
        long notLost = 0;
        foreach (StreamRecord record in expected)
        {
            if (!_keys.IsWatched(record.KeyHash))
                continue;
            if (_ledger.LossOf(record) is { } how)
                _violations.Lost(record, how);
            else
                notLost++;
        }

        // Which ones were passed over is forgotten; that there are some is not.
        long passedOver = notLost - Settled;
        if (passedOver > 0 && !IsSampling)
            _violations.PassedOver(passedOver);
    }

    /// <summary>The end of a history of which only the number of records is known.</summary>
    /// <param name="expected">Records of the shard from the starting position on.</param>
    public void Finish(long expected)
    {
        if (expected > Settled && !IsSampling)
            _violations.PassedOver(expected - Settled);
    }

    private void Deliver(RunningDelivery delivery, in StreamRecord record)
    {
        SequenceNumber number = record.SequenceNumber;
        KeyHistory? key = _ledger.Open(record);
        if (key is null)
        {
            _ledger.CountUnwatched();
            delivery.Add(new DeliveredRecord(null, number, false, false));
            return;
        }

        bool isFirstOfKey = key.SeenBy != delivery.Serial;
        if (isFirstOfKey)
            BeginBatchOf(key, delivery, record);
        if (!key.RunsTwice)
            CheckNothingIsOvertaken(key, delivery, record);
        key.PreviousInBatch = number;

        bool isRepeated = !_ledger.TryDeliver(key, delivery.RequestId, record);
        delivery.Add(new DeliveredRecord(key, number, isFirstOfKey, isRepeated));
    }

    private void BeginBatchOf(KeyHistory key, RunningDelivery delivery, in StreamRecord record)
    {
        key.RunsTwice = key.RunningBatches > 0;
        if (key.RunsTwice)
            _violations.KeyInTwoBatches(delivery.RequestId, record, _running.OtherWith(key, delivery));
        key.RunningBatches++;
        key.SeenBy = delivery.Serial;
        key.PreviousInBatch = default;
    }

    /// <summary>A key that runs twice is reported as that alone, not also as overtaking.</summary>
    private void CheckNothingIsOvertaken(KeyHistory key, RunningDelivery delivery, in StreamRecord record)
    {
        SequenceNumber overtaken = key.UnsettledBetween(key.PreviousInBatch, record.SequenceNumber);
        if (overtaken != default)
            _violations.OvertookUnsettled(delivery.RequestId, record, overtaken);
    }

    private void CheckLimits(Guid requestId, int count)
    {
        if (count > _promises.BatchSize)
            _violations.BatchTooLarge(requestId, count);
        if (_running.Count > _promises.ParallelizationFactor)
            _violations.TooManyBatches(requestId, _running.Count);
    }

    /// <summary>Reports the lowest unsettled record that the checkpoint passes now; what it passed before was reported then.</summary>
    private void CheckPassed(SequenceNumber from, SequenceNumber to)
    {
        KeyHistory? passed = null;
        SequenceNumber lowest = to;
        foreach (KeyHistory key in _keys.WithUnsettled)
        {
            SequenceNumber unsettled = key.UnsettledFrom(from);
            if (unsettled != default && unsettled < lowest)
                (passed, lowest) = (key, unsettled);
        }
        if (passed is not null)
            _violations.CheckpointPastUnsettled(to, passed, lowest);

        foreach (SequenceNumber discarded in _discardsUnderWay)
        {
            if (discarded >= from && discarded < to)
                _violations.CheckpointPastDiscard(to, discarded);
        }
    }

    private static SequenceNumber FirstNumberOf(ShardPosition position) => position.Type switch
    {
        ShardIteratorType.AtSequenceNumber => position.SequenceNumber,
        ShardIteratorType.AfterSequenceNumber => position.SequenceNumber.Next(),
        _ => default,
    };
}
