using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>A batch is closed when it is full or its batching window is over: not before, and not long after.</summary>
/// <remarks>
/// The window runs from the end of the lane's work before, whether records are there or not; a full batch does not wait for it.
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html"/>.
/// </remarks>
internal sealed class BatchClosing(HistoryPromises promises, BatchForm form, RecordTable table, ViolationList violations)
{
    // The main cursor's, and one of each catch-up cursor that still looks for records which are settled meanwhile.
    private const int ReadsAfterWaiting = 12;

    private readonly EventSourceMapping _mapping = promises.Mapping;
    private readonly Backlog _backlog = new();
    private int _largestRecord;
    private long _oldestArrival = long.MaxValue;              // since everything was settled last
    private DateTimeOffset _began;
    private DateTimeOffset _lastDiscard;                      // of records that no lane was seen to try
    private DateTimeOffset _lastTurnEnd;
    private bool _isShardClosed;

    /// <summary>A record has arrived.</summary>
    public void Arrived(in StreamRecord record)
    {
        _largestRecord = Math.Max(_largestRecord, record.EventLength);
        Take(in record);
    }

    /// <summary>The shard has its last record.</summary>
    public void ShardClosed() => _isShardClosed = true;

    /// <summary>A record is settled, for the first time since the machine began.</summary>
    public void Settled(in StreamRecord record, DateTimeOffset time)
    {
        _backlog.Remove(record.RawLength, time);
        if (_backlog.IsEmpty)
            _oldestArrival = long.MaxValue;
    }

    /// <summary>A machine reads from a record on.</summary>
    public void BeginLife(DateTimeOffset time, int from)
    {
        (_began, _lastDiscard, _lastTurnEnd) = (time, default, default);
        _backlog.Clear();
        _oldestArrival = long.MaxValue;
        for (int place = from; place < table.Count; place++)
            Take(table[place].Record);
    }

    /// <summary>Records were given up that no lane was seen to try: some lane gathers anew from then on.</summary>
    public void DiscardedUnseen(DateTimeOffset time) => _lastDiscard = time;

    /// <summary>A lane has no work any more: what waits for its keys may go on.</summary>
    public void TurnEnded(DateTimeOffset time) => _lastTurnEnd = time;

    /// <summary>So many discarded batches wait for the destination that no attempt may begin.</summary>
    public void HeldByDiscards() => _backlog.Overflow();

    /// <summary>Checks a batch that was gathered.</summary>
    /// <param name="started">Its first attempt.</param>
    /// <param name="firstPlace">Place of its first record in the table; −1 when it is not there.</param>
    /// <param name="lane">Its lane.</param>
    public void Check(HistoryStep.InvocationStarted started, int firstPlace, LaneWork lane)
    {
        CheckNothingMoreCame(started);
        if (_mapping.TumblingWindow > TimeSpan.Zero)
            return;                                           // the end of a window closes a batch as well
        CheckReason(started, lane);
        CheckNotEarly(started, lane);
        if (promises.ReadWithin is { } within && firstPlace >= 0)
            CheckNotLate(started, firstPlace, within, lane);
    }

    private void Take(in StreamRecord record)
    {
        _oldestArrival = Math.Min(_oldestArrival, record.ArrivalMilliseconds);
        _backlog.Add(record.RawLength);
    }

    private void CheckNothingMoreCame(HistoryStep.InvocationStarted started)
    {
        if (started.ClosedBy is FlushReason.ShardEnd && !_isShardClosed)
            Report(ViolationKind.ClosedTooEarly, started, $"invocation {started.RequestId} was closed because the shard has ended, and it has not.");
        else if (started.ClosedBy is FlushReason.Drain && !promises.MayBeDrained)
            Report(ViolationKind.ClosedTooEarly, started, $"invocation {started.RequestId} was closed because the mapping is drained, and nobody drains it.");
    }

    // What is left of a batch whose first records were given up, or have left retention, before any attempt has no reason of its own.
    private void CheckReason(HistoryStep.InvocationStarted started, LaneWork lane)
    {
        if (started.ClosedBy is null && lane is { GathersSince: { } gathersSince, HasVanished: false } && gathersSince > _lastDiscard && !MayHaveVanished(started.Time))
            Report(ViolationKind.ClosedTooEarly, started, $"invocation {started.RequestId} has a batch that lane {started.Lane} gathered, and no reason why it was closed.");
    }

    private void CheckNotEarly(HistoryStep.InvocationStarted started, LaneWork lane)
    {
        int records = started.Records.Length;
        switch (started.ClosedBy)
        {
            case FlushReason.Window when records < _mapping.BatchSize && started.Time < lane.GathersSince + _mapping.MaximumBatchingWindow:
                Report(ViolationKind.ClosedTooEarly, started,
                    $"invocation {started.RequestId} has {records} records {Seconds(started.Time - lane.GathersSince!.Value)} s after lane {started.Lane} began to gather; " +
                    $"the window is {Seconds(_mapping.MaximumBatchingWindow)} s.");
                break;
            case FlushReason.Size when records < _mapping.BatchSize:
                Report(ViolationKind.ClosedTooEarly, started, $"invocation {started.RequestId} was closed as full with {records} records; BatchSize is {_mapping.BatchSize}.");
                break;
            case FlushReason.Payload when form.EventLengthOf(started.Records.Span, null) + _largestRecord + promises.FixedRecordLength + 1 <= KinesisEventFormat.EventLengthMax:
                Report(ViolationKind.ClosedTooEarly, started, $"invocation {started.RequestId} was closed as 6 MB, and every record of the shard would fit besides.");
                break;
            default:
                break;
        }
    }

    // A batch that is full waits for nothing: its window counts only while there is room in it.
    private void CheckNotLate(HistoryStep.InvocationStarted started, int firstPlace, TimeSpan within, LaneWork lane)
    {
        if (lane.GathersSince is not { } gathersSince || lane.HasVanished || MayHaveBeenHeld(started.Time) || IsEarly(table[firstPlace].Time, within))
            return;
        DateTimeOffset open = gathersSince > _lastDiscard ? gathersSince : _lastDiscard;
        int lastPlace = started.Records.Length < _mapping.BatchSize ? -1 : table.Find(started.Records.Span[^1].SequenceNumber);
        bool isFull = lastPlace >= 0;
        DateTimeOffset known = table[isFull ? lastPlace : firstPlace].Time + within;
        DateTimeOffset due = Latest(isFull ? open : open + _mapping.MaximumBatchingWindow, known, _began + within);
        if (_mapping.LanePolicy is LanePolicy.DynamicKeys)
            due = Latest(due, _lastTurnEnd, due);             // the keys may have been in flight elsewhere
        if (started.Time > due)
        {
            Report(ViolationKind.ClosedTooLate, started,
                $"invocation {started.RequestId} began {Seconds(started.Time - due)} s after " +
                (isFull ? $"its idle lane {started.Lane} had all of its {started.Records.Length} records: it was full." : $"its first record was there and the window of its idle lane {started.Lane} was over."));
        }
    }

    // Reads that waited for room come back one after the other.
    private bool IsEarly(DateTimeOffset arrival, TimeSpan within) => arrival <= _backlog.EmptiedAt + (ReadsAfterWaiting * within);

    // Nobody tells of read-ahead that is full, of records that are too large for an event, or of records that have left retention.
    private bool MayHaveBeenHeld(DateTimeOffset now) =>
        _backlog.WasLarge
        || KinesisEventFormat.EnvelopeLength + _largestRecord + promises.FixedRecordLength > KinesisEventFormat.EventLengthMax
        || MayHaveVanished(now);

    private bool MayHaveVanished(DateTimeOffset now) => _oldestArrival <= (now - promises.Retention).ToUnixTimeMilliseconds();

    private void Report(ViolationKind kind, HistoryStep.InvocationStarted started, string message)
    {
        if (violations.Counts(kind))
            violations.List(kind, started.ShardId, started.Records.Span[0].SequenceNumber, started.RequestId, message);
    }

    private static DateTimeOffset Latest(DateTimeOffset first, DateTimeOffset second, DateTimeOffset third)
    {
        DateTimeOffset later = first > second ? first : second;
        return later > third ? later : third;
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);
}
