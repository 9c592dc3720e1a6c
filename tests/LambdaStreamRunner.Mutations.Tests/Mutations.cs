using System.Collections.Immutable;

namespace LambdaStreamRunner.Mutations.Tests;

/// <summary>The bugs that the testing library has to find.</summary>
internal static class Mutations
{
    private const string Machine = "Mappings/ShardMachine.cs";
    private const string Attempts = "Mappings/Retrying/LaneAttempts.cs";
    private const string Policy = "Mappings/Retrying/RetryPolicy.cs";
    private const string Lifetime = "Mappings/Retrying/RecordLifetime.cs";
    private const string Gatherer = "Mappings/Batching/BatchGatherer.cs";
    private const string Budget = "Mappings/Batching/BatchBudget.cs";
    private const string Turns = "Mappings/Batching/LaneTurns.cs";
    private const string Item = "Mappings/Batching/WorkItem.cs";
    private const string Tracker = "Mappings/Ordering/CheckpointTracker.cs";
    private const string Dynamic = "Mappings/Ordering/DynamicKeys.cs";
    private const string Queue = "Mappings/Ordering/RecordQueue.cs";
    private const string Behind = "Mappings/Ordering/BehindGroups.cs";
    private const string Reading = "Mappings/Ordering/ReadAhead.cs";
    private const string Windows = "Mappings/Windows/TumblingWindows.cs";

    // The driver's own sentence: no promise of a mapping is about what a function makes of its window's state.
    private const string MiscountedWindows = "\"The states of all windows count every record once.\"";

    /// <summary>All of them.</summary>
    public static ImmutableArray<Mutation> All { get; } = [.. Ordering, .. Batching, .. Retrying, .. Discarding, .. Checkpointing, .. Resuming, .. Tumbling];

    private static IEnumerable<Mutation> Ordering =>
    [
        new("A key has two lanes, in turn.", "Mappings/Ordering/GivenLanes.cs",
            "laneOfKey(record.KeyHash)", "laneOfKey(record.KeyHash ^ (UInt128)(record.ArrivalMilliseconds / 100 & 1))", "hash lanes", "Order.NoKeyInTwoBatches"),
        new("The lane of a key's hash changes with time.", "Mappings/Ordering/HashLanes.cs",
            "? (int)guess :", "? (int)guess ^ (int)(record.ArrivalMilliseconds / 100 & 1) :", "hash lanes, step by step", "Order.NoKeyInTwoBatches"),
        new("A queue hands out its youngest record first.", Queue,
            "run[..taken].CopyTo(into);", "run[..taken].CopyTo(into);\n        into[..taken].Reverse();", "hash lanes", "Order.PerKeyFirstDelivery"),
        new("Records are swapped when a queue grows.", Queue,
            "_ring.AsSpan(0, Count - toEnd).CopyTo(larger.AsSpan(toEnd));",
            "_ring.AsSpan(0, Count - toEnd).CopyTo(larger.AsSpan(toEnd));\n        if (Count > 1)\n            (larger[0], larger[1]) = (larger[1], larger[0]);", "hash lanes", "Order.PerKeyFirstDelivery"),
        new("A free key is offered by its youngest record instead of its oldest.", Dynamic,
            "_freeKeys.Enqueue(slot, _records[key.First].SequenceNumber);", "_freeKeys.Enqueue(slot, _records[key.Last].SequenceNumber);", "dynamic keys", "Order.PerKeyFirstDelivery"),
        new("Claimed keys are released after every attempt, also when records are left.", Machine,
            "        if (!lane.HasWork)\n            _turns.End(lane, _now);\n    }\n\n    // Turn", "        _turns.End(lane, _now);\n    }\n\n    // Turn", "dynamic keys", "Order.NoKeyInTwoBatches"),
        new("One of the keys of a batch is never released.", Dynamic,
            "foreach (int slot in _claimed[lane])\n        {", "foreach (int slot in _claimed[lane].Skip(1))\n        {", "dynamic keys", "Delivery.NothingLost"),
        new("A lane is started again while it runs.", Machine,
            "if (lane.IsRunning || _stopping is StopMode.SettleInFlight", "if (_stopping is StopMode.SettleInFlight", "hash lanes", Mutation.MachineRefuses),
    ];

    private static IEnumerable<Mutation> Batching =>
    [
        new("A batching window ends a second before its time.", Gatherer,
            "now >= windowEnd", "now >= windowEnd - TimeSpan.FromSeconds(1)", "batching windows", "Batches.Windows"),
        new("A batching window ends a second after its time.", Turns,
            "now + mapping.MaximumBatchingWindow", "now + mapping.MaximumBatchingWindow + TimeSpan.FromSeconds(1)", "batching windows", "Batches.Windows"),
        new("A full batch waits for its window.", Gatherer,
            "waiting.Records >= _batchSize)", "waiting.Records >= _batchSize && now >= windowEnd)", "batching windows", "Batches.Windows"),
        new("Batches are closed as drained, and nobody drains.", Machine,
            "if (_stopping is StopMode.Drain)", "if (_stopping is null or StopMode.Drain)", "batching windows", "Batches.Windows"),
        new("A lane's window is not begun anew by its work.", Turns,
            "        OpenWindow(lane, now);\n        sequencer", "        sequencer", "batching windows", "Batches.Windows"),
        new("A batch is one record larger than BatchSize.", Turns,
            "Math.Min(mapping.BatchSize, waiting.Records)", "Math.Min(mapping.BatchSize + 1, waiting.Records)", "hash lanes", "Batches.WellFormed"),
        new("The record that passes the 6 MB of an event is still in it.", Budget,
            "envelopeLength + length + _records >", "envelopeLength + RecordsLength + _records >", "large records", "Batches.WellFormed"),
        new("Records that no filter wants are delivered while nothing is held.", Reading,
            "else if (!_filter.Matches(in record))", "else if (!_filter.Matches(in record) && _heldRecords > 0)", "filters", "Delivery.NothingLost"),
        new("Records that a filter wants are passed while something is held.", Reading,
            "else if (!_filter.Matches(in record))", "else if (!_filter.Matches(in record) || _heldRecords > 2)", "filters", "Delivery.NothingLost"),
    ];

    private static IEnumerable<Mutation> Retrying =>
    [
        new("One retry more than MaximumRetryAttempts.", Policy, "attemptsBefore + 1 > _retriesMax", "attemptsBefore > _retriesMax", "retries", "Delivery.LegalDiscards"),
        new("One retry less than MaximumRetryAttempts.", Policy, "attemptsBefore + 1 > _retriesMax", "attemptsBefore + 2 > _retriesMax", "retries", "Delivery.LegalDiscards"),
        new("A throttled invocation spends a retry.", Attempts,
            "case RetryVerdict.TryAgain:\n", "case RetryVerdict.TryAgain:\n                item.Attempts++;\n", "retries", "Order.Redelivery"),
        new("A retry has another request id.", Attempts, "item.RequestId ??= _requestIds.Next();", "item.RequestId = _requestIds.Next();", "retries", "Order.Redelivery"),
        new("The second half of a bisected batch comes first.", Attempts,
            "lane.ReplaceTop(right);\n                lane.Push(left);", "lane.ReplaceTop(left);\n                lane.Push(right);", "bisect", "Batches.Bisect"),
        new("The first half of a bisected batch is lost.", Attempts,
            "lane.ReplaceTop(right);\n                lane.Push(left);", "lane.ReplaceTop(right);", "bisect", "Batches.Bisect"),
        new("Splitting a batch spends a retry.", Item,
            "return (new WorkItem(Start, left), new WorkItem(Start + left, Count - left));",
            "return (new WorkItem(Start, left) { Attempts = Attempts + 1 }, new WorkItem(Start + left, Count - left) { Attempts = Attempts + 1 });", "bisect", "Order.Redelivery"),
        new("The lowest record that was reported as failed is not tried again.", Attempts,
            "lane.ReplaceTop(item.Without(partly.LowestFailedIndex));", "lane.ReplaceTop(item.Without(partly.LowestFailedIndex + 1));", "partial responses", "Order.Redelivery"),
        new("The last record before the reported one is tried again.", Attempts,
            "lane.ReplaceTop(item.Without(partly.LowestFailedIndex));", "lane.ReplaceTop(item.Without(partly.LowestFailedIndex - 1));", "partial responses", "Order.Redelivery"),
    ];

    private static IEnumerable<Mutation> Discarding =>
    [
        new("Records are given up five seconds before they have reached their age.", Lifetime,
            "_maximumAge is { } age ? LeadingPast(age, records, now) : 0", "_maximumAge is { } age ? LeadingPast(age - TimeSpan.FromSeconds(5), records, now) : 0", "record age", "Delivery.LegalDiscards"),
        new("What comes behind a record that is too old is lost.", Attempts,
            "lane.ReplaceTop(item.Without(tooOld));", "lane.Pop();", "record age", "Checkpoints.NeverPassUnsettledWork"),
        new("Of a batch whose retries are spent only the first record is given up.", Attempts,
            "Discard(records, DiscardReason.RetryAttemptsExhausted", "Discard(records[..1], DiscardReason.RetryAttemptsExhausted", "retries", "Delivery.LegalDiscards"),
        new("A discarded batch is told one attempt too many.", Attempts, "Math.Max(1, item.Attempts);", "item.Attempts + 1;", "retries", "Delivery.LegalDiscards"),
        new("A discarded batch counts as settled before its destination has it.", Tracker, "return Lower(lowest, undelivered.Lowest);", "return lowest;", "bisect", "Checkpoints.NeverPassUnsettledWork"),
    ];

    private static IEnumerable<Mutation> Checkpointing =>
    [
        new("The checkpoint passes records that wait.", Tracker, "Lower(sequencer.LowestWaiting, readAhead.LowestBehind)", "readAhead.LowestBehind", "batching windows", "Checkpoints.NeverPassUnsettledWork"),
        new("The checkpoint passes records that wait for their next attempt.", Tracker,
            "lowest = Lower(lowest, lane.FirstUnsettled?.SequenceNumber);", "lowest = lane.IsRunning ? Lower(lowest, lane.FirstUnsettled?.SequenceNumber) : lowest;", "hash lanes", "Checkpoints.NeverPassUnsettledWork"),
        new("The checkpoint stands after the lowest unsettled record instead of at it.", Tracker, "return ShardPosition.At(lowest);", "return ShardPosition.After(lowest);", "hash lanes", "Checkpoints.NeverPassUnsettledWork"),
        new("The checkpoint of an idle shard goes back to where its machine began.", Tracker,
            "return readAhead.LastRead is { } last ? ShardPosition.After(last) : _start;", "return _start;", "hash lanes", "Checkpoints.NeverMoveBack"),
        new("A checkpoint is saved while another one is under way.", Tracker, "if (_isSaving || !(_isDirty || endIsNew))", "if (!(_isDirty || endIsNew))", "crashes", "Checkpoints.NeverMoveBack"),
        new("The end of a shard is saved before everything in it is settled.", Machine,
            "shardEnded: _polling.EndReached && IsSettled", "shardEnded: _polling.EndReached", "reshards", "Checkpoints.NeverPassUnsettledWork"),
    ];

    private static IEnumerable<Mutation> Resuming =>
    [
        new("The marks of lanes leave out what is in their batches.", Tracker,
            "        foreach (Lane lane in lanes)\n            lane.CollectUnsettled(sequencer, lowest);\n", "", "crashes", "Order.NoOvertaking"),
        new("The first unsettled record of a lane counts as settled after a crash.", "Mappings/Ordering/SettledBefore.cs",
            "record.SequenceNumber < mark.FirstUnsettled", "record.SequenceNumber <= mark.FirstUnsettled", "crashes", "Order.NoOvertaking"),
        new("After a crash the record at the checkpoint is left out.", Reading,
            "= shard.From.Position;", "= shard.From.Position is { Type: ShardIteratorType.AtSequenceNumber } at ? ShardPosition.After(at.SequenceNumber) : shard.From.Position;", "crashes", "Order.NoOvertaking"),
        new("The main cursor goes on behind a record for which it had no room.", Reading,
            "MainPosition = ShardPosition.At(record.SequenceNumber);", "MainPosition = ShardPosition.After(record.SequenceNumber);", "large records", "Delivery.NothingLost"),
        new("A catch-up pass leaves out the first record that its group misses.", Behind, "number >= behind.From", "number > behind.From", "catch-up", "Checkpoints.NeverPassUnsettledWork"),
    ];

    private static IEnumerable<Mutation> Tumbling =>
    [
        new("The state that a window's function returned is lost.", Windows, "Open = Open! with { State = state };", "", "tumbling windows", MiscountedWindows),
        new("The open window is not part of the checkpoint.", Tracker, " { Window = windows?.Kept }", "", "tumbling windows", MiscountedWindows),
        new("A record of the next window joins the batch of the open one.", Budget, " || record.ArrivalMilliseconds >= arrivalBefore", "", "tumbling windows", "Batches.WellFormed"),
        new("A window ends before all of its records were read.", Windows,
            "(isAtTip && now >= IdleEnd)", "now >= Open.Start", "tumbling windows", MiscountedWindows),
    ];
}
