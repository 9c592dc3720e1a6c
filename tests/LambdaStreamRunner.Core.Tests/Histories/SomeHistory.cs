using System.Collections.Immutable;
using CsCheck;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Histories;

/// <summary>Random histories: steps of every kind, with anything in them, in no order that makes sense.</summary>
internal static class SomeHistory
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char[' ', '~'], 0, 12], Gen.OneOf("", "→ ✗ \"quoted\"", "a\\b\r\n\t\u0001", "𐍈 ひらがな", "\u2028</script>"));

    private static readonly Gen<byte[]> TextBytes = Gen.OneOf(Text.Select(System.Text.Encoding.UTF8.GetBytes), Gen.Byte.Array[0, 12]);
    private static readonly Gen<DateTimeOffset> Time = Gen.Long[0, TimeSpan.FromDays(700).Ticks].Select(ticks => Some.Time.AddTicks(ticks));
    private static readonly Gen<UInt128> HashKey = Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new UInt128(high, low));
    private static readonly Gen<string> ShardId = Gen.Int[0, 2].Select(index => $"shardId-{index:D12}");
    private static readonly Gen<TimeSpan> Seconds = Gen.OneOf(Gen.Int[0, 700_000].Select(seconds => TimeSpan.FromSeconds(seconds)), Gen.Int[1, 999].Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds)));

    private static readonly Gen<SequenceNumber> Number = Gen.Select(
        Gen.Int[0, 999], Gen.OneOf(0u, 0u, 0u, 1u, 7u, SequenceNumber.LastSubSequenceNumber), (n, place) => Some.Number(n).WithSubSequenceNumber(place));

    private static readonly Gen<StreamRecord> Record = Gen.Select(
        Number, TextBytes, Gen.Byte.Array[0, 20], Gen.Long[0, 4_000_000_000_000],
        (number, key, data, arrival) => new StreamRecord(number, HashKeyRange.HashOf(key), arrival, [.. key, .. data], 0, key.Length, data.Length));

    private static readonly Gen<ShardPosition> Position = Gen.OneOf(
        Gen.OneOf(ShardPosition.TrimHorizon, ShardPosition.Latest), Number.Select(ShardPosition.At), Number.Select(ShardPosition.After),
        Gen.Long[0, 4_000_000_000_000].Select(time => ShardPosition.AtTimestamp(DateTimeOffset.FromUnixTimeMilliseconds(time))));

    private static readonly Gen<LaneMarks> Marks = Gen.Select(
        Gen.Enum<LanePolicy>(), Gen.Int[1, 10], Number, Gen.Select(HashKey, Number, (group, number) => new LaneMark(group, number)).Array[0, 3],
        (policy, lanes, through, marks) => new LaneMarks(policy, lanes, through, [.. marks]));

    private static readonly Gen<TumblingWindow> Window = Gen.Select(Time, Time, TextBytes, (start, end, state) => new TumblingWindow(start, end, state));

    private static readonly Gen<TimeWindow?> MaybeWindow = Maybe(Gen.Select(Window, Gen.Enum<WindowEnding>(), (window, ending) => new TimeWindow(window, ending)));

    private static readonly Gen<ShardCheckpoint> Checkpoint = Gen.Select(
        Position, Maybe(Marks), Gen.Bool, Maybe(Window), (position, marks, ended, window) => new ShardCheckpoint(position, marks, ended) { Window = window });

    private static readonly Gen<ReadOnlyMemory<byte>?> State = Gen.OneOf(Gen.Const((ReadOnlyMemory<byte>?)null), TextBytes.Select(bytes => (ReadOnlyMemory<byte>?)bytes));

    private static readonly Gen<BatchOutcome> Outcome = Gen.OneOf(
        State.Select(BatchOutcome (state) => new BatchOutcome.Succeeded { State = state }),
        Gen.Select(Gen.Int[0, 9_999], Maybe(Text), State, BatchOutcome (index, problem, state) => new BatchOutcome.PartlyFailed(index) { Problem = problem, State = state }),
        Text.Select(BatchOutcome (error) => new BatchOutcome.Failed(error)),
        Text.Select(BatchOutcome (reason) => new BatchOutcome.Throttled(reason)));

    private static readonly Gen<DiscardedResponse?> Response = Maybe(Gen.Select(Maybe(Text), Maybe(Text), (function, error) => new DiscardedResponse(function, error)));

    public static readonly Gen<EventSourceMapping> Settings = Gen.Select(
        Gen.Select(Text, Text, Gen.Int[1, 10_000], Seconds, Gen.Int[1, 10], Gen.Bool, Gen.Int[-1, 10_000], Gen.OneOf(Seconds.Select(age => (TimeSpan?)age), Gen.Const((TimeSpan?)null))),
        Gen.Select(Gen.Bool, Gen.Bool, Seconds, Seconds, Gen.Enum<StartingPosition>(), Gen.OneOf(Time.Select(time => (DateTimeOffset?)time), Gen.Const((DateTimeOffset?)null)), Gen.Enum<LanePolicy>(), Gen.Enum<PollingMode>()),
        (one, two) => new EventSourceMapping
        {
            EventSourceArn = one.Item1,
            FunctionName = one.Item2,
            BatchSize = one.Item3,
            MaximumBatchingWindow = one.Item4,
            ParallelizationFactor = one.Item5,
            BisectBatchOnFunctionError = one.Item6,
            MaximumRetryAttempts = one.Item7,
            MaximumRecordAge = one.Item8,
            FunctionResponseTypes = two.Item1 ? [FunctionResponseType.ReportBatchItemFailures] : [],
            FilterCriteria = two.Item2 ? FilterCriteria.Parse("""{"data": {"a": ["\"→"]}}""", """{"partitionKey":["x"]}""") : FilterCriteria.None,
            TumblingWindow = two.Item3,
            TumblingWindowGrace = two.Item4,
            StartingPosition = two.Item5,
            StartingPositionTimestamp = two.Item6,
            LanePolicy = two.Item7,
            Polling = two.Item8,
        });

    private static readonly Gen<HistoryMapping> Mapping = Gen.Select(
        Text, Settings, Gen.OneOf(Seconds.Select(timeout => (TimeSpan?)timeout), Gen.Const((TimeSpan?)null)), Maybe(Text), Seconds, Gen.Int[0, 999], Gen.Int[0, 999],
        (name, settings, timeout, onFailure, retention, record, window) => new HistoryMapping
        {
            Name = name,
            Settings = settings,
            FunctionTimeout = timeout,
            OnFailure = onFailure,
            Retention = retention,
            FixedRecordLength = record,
            FixedWindowLength = window,
        });

    /// <summary>A history of up to three mappings, each with records that arrive first and steps that name them.</summary>
    public static readonly Gen<History> Any = Gen.Select(
        Maybe(Text), Gen.OneOf(Gen.Long.Select(seed => (long?)seed), Gen.Const((long?)null)), MappingHistory().Array[0, 3],
        (title, seed, mappings) => new History { Title = title, Seed = seed, Mappings = [.. mappings] });

    private static Gen<MappingHistory> MappingHistory() =>
        from mapping in Mapping
        from shard in ShardId
        from records in Record.Array[1, 5]
        let arrived = records.DistinctBy(record => record.SequenceNumber).OrderBy(record => record.SequenceNumber).Select(record => (HistoryStep)new HistoryStep.RecordArrived(record.Arrival, shard, record)).ToArray()
        from steps in Step(shard, [.. arrived.Cast<HistoryStep.RecordArrived>().Select(step => step.Record)]).Array[0, 12]
        from changes in Gen.Select(Gen.Int[0, steps.Length + arrived.Length], Mapping, (place, changed) => new SettingsChange(place, changed)).Array[0, 2]
        from findings in Gen.Select(Text, Text, Gen.Int[-1, 20], Gen.Bool, (promise, message, step, hasPage) =>
            new HistoryFinding(promise, message, step < 0 ? null : step, hasPage ? new Uri("https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html") : null)).Array[0, 2]
        select new MappingHistory(mapping, [.. arrived, .. steps]) { Findings = [.. findings], Changes = [.. changes.OrderBy(change => change.StepIndex)] };

    private static Gen<HistoryStep> Step(string shard, StreamRecord[] known)
    {
        Gen<StreamRecord[]> records = Gen.Shuffle(known).SelectMany(all => Gen.Int[0, all.Length].Select(count => all[..count]));
        Gen<DiscardedBatch> discarded = Gen.Select(records, Gen.Enum<DiscardReason>(), Gen.Guid, Gen.Int[1, 99], Response, Time, MaybeWindow,
            (batch, reason, id, count, response, time, window) => new DiscardedBatch([.. batch], reason, id, count, response, time) { Window = window });
        return Gen.OneOf(
            Gen.Select(Time, HashKey, HashKey, ShardId.Array[0, 2], HistoryStep (time, start, end, parents) =>
                new HistoryStep.ShardCreated(time, shard, new HashKeyRange(start, end), [.. parents])),
            Time.Select(HistoryStep (time) => new HistoryStep.ShardClosed(time, shard)),
            Time.Select(HistoryStep (time) => new HistoryStep.MachineCrashed(time, shard)),
            Gen.Select(Time, Checkpoint, HistoryStep (time, from) => new HistoryStep.MachineBegan(time, shard, from)),
            Gen.Select(Time, Gen.Enum<CloseReason>(), HistoryStep (time, reason) => new HistoryStep.MachineClosed(time, shard, reason)),
            Gen.Select(Time, Gen.Int[0, 9], Gen.Guid, Gen.Int[1, 10_000], records, Gen.OneOf(Gen.Enum<FlushReason>().Select(reason => (FlushReason?)reason), Gen.Const((FlushReason?)null)), MaybeWindow, HistoryStep (time, lane, id, attempt, batch, closedBy, window) =>
                new HistoryStep.InvocationStarted(time, shard, lane, id, attempt, batch) { ClosedBy = closedBy, Window = window }),
            Gen.Select(Time, Gen.Guid, Outcome, HistoryStep (time, id, outcome) => new HistoryStep.InvocationEnded(time, shard, id, outcome)),
            Gen.Select(Time, records, HistoryStep (time, batch) => new HistoryStep.Filtered(time, shard, batch)),
            Gen.Select(Time, discarded, HistoryStep (time, batch) => new HistoryStep.Discarded(time, shard, batch)),
            Gen.Select(Time, discarded, Maybe(Text), HistoryStep (time, batch, error) => new HistoryStep.DiscardSettled(time, shard, batch, error)),
            Gen.Select(Time, Checkpoint, HistoryStep (time, checkpoint) => new HistoryStep.CheckpointSaved(time, shard, checkpoint)),
            Gen.Select(Time, Gen.Guid, Gen.Bool, Text, Text, HistoryStep (time, id, within, key, value) => new HistoryStep.EffectMade(time, shard, id, within, key, value)));
    }

    private static Gen<T?> Maybe<T>(Gen<T> gen) where T : class => Gen.OneOf(Gen.Const((T?)null), gen.Select(value => (T?)value));
}
