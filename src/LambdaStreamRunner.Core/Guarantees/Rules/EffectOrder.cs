using System.Runtime.InteropServices;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>What the handler changes outside itself, it changes while its invocation runs, in the order of each key's records.</summary>
/// <remarks>This finds handlers that work on several records of a batch at once, or go on after a record has failed.</remarks>
internal sealed class EffectOrder(HistoryPromises promises, RecordTable table, ViolationList violations, RepeatedPuts repeatedPuts)
{
    private readonly Dictionary<(UInt128 Partition, string Key), int> _highest = [];
    private readonly Stack<ExpectedEffects> _spare = [];

    /// <summary>True once a handler of this shard has had an effect.</summary>
    public bool HasAny { get; private set; }

    /// <summary>Checks an effect.</summary>
    /// <param name="made">The effect.</param>
    /// <param name="running">Its invocation; null when that does not run.</param>
    public void Check(HistoryStep.EffectMade made, RunningInvocation? running)
    {
        if (promises.Effects is not { } effectOf)
            return;
        HasAny = true;
        if (!made.IsWithinInvocation || running is null)
        {
            Report(ViolationKind.EffectOutsideInvocation, made, default, $"{Named(made)} was made after invocation {made.RequestId} had ended: nobody waited for it.");
            return;
        }
        ExpectedEffects expected = running.Effects ??= Expect(running, effectOf);
        if (expected.Take(made.Key, made.Value) is { } effect)
            CheckOrder(made, running, effect);
        else
            Report(ViolationKind.EffectUnexplained, made, default, $"{Named(made)} belongs to no record of invocation {made.RequestId}, or to one that had it already.");
    }

    /// <summary>The invocation has ended.</summary>
    public void End(RunningInvocation running)
    {
        if (running.Effects is not { } expected)
            return;
        running.Effects = null;
        _spare.Push(expected);
    }

    /// <summary>Each record that succeeded must have had its effect, in a history with effects.</summary>
    public void Finish(string shardId)
    {
        for (int place = 0; place < table.Count; place++)
        {
            if (!table.Has(place, Fates.Succeeded) || table.Has(place, Fates.HasEffect) || promises.Effects!(table[place].Record) is not { } effect)
                continue;
            StreamRecord record = table[place].Record;
            if (!repeatedPuts.HasEffect(record) && violations.Counts(ViolationKind.EffectMissing))
                violations.List(ViolationKind.EffectMissing, shardId, record.SequenceNumber, null, $"record {record} succeeded, and its effect on '{effect.Key}' was never made.");
        }
    }

    private ExpectedEffects Expect(RunningInvocation running, Func<StreamRecord, EffectExpectation?> effectOf)
    {
        ExpectedEffects expected = _spare.Count > 0 ? _spare.Pop() : new ExpectedEffects();
        expected.Begin(running.Started.Records.Span, effectOf);
        return expected;
    }

    private void CheckOrder(HistoryStep.EffectMade made, RunningInvocation running, MadeEffect effect)
    {
        int place = running.Places[effect.Position];
        if (place < 0)
            return;                                           // of no record of the shard, which was reported
        ref readonly StreamRecord record = ref running.Started.Records.Span[effect.Position];
        bool isOutOfOrder = effect.IsBehind;
        bool hadEffect = table.Has(place, Fates.HasEffect);
        if (promises.EffectsExactlyOnce && (hadEffect || repeatedPuts.HasEffect(record)))
            Report(ViolationKind.EffectRepeated, made, record.SequenceNumber, $"{Named(made)} was made again for record {record}, which had it before.");
        repeatedPuts.Made(record);
        if (!hadEffect)
        {
            table.Set(place, Fates.HasEffect);
            ref int highest = ref CollectionsMarshal.GetValueRefOrAddDefault(_highest, (record.KeyHash, made.Key), out bool exists);
            // What was given up and comes again after a crash has lost its turn: later records were free to go.
            bool wasGivenUp = table.Has(place, Fates.Settled) && !table.Has(place, Fates.Succeeded);
            isOutOfOrder |= exists && highest > place && !wasGivenUp;
            highest = Math.Max(highest, place);
        }
        if (isOutOfOrder)
            Report(ViolationKind.EffectOutOfOrder, made, record.SequenceNumber, $"{Named(made)} of record {record} was made after that of a later record of the key.");
    }

    private static string Named(HistoryStep.EffectMade made) => $"effect '{made.Value}' on '{made.Key}'";

    private void Report(ViolationKind kind, HistoryStep.EffectMade made, SequenceNumber number, string message)
    {
        if (violations.Counts(kind))
            violations.List(kind, made.ShardId, number, made.RequestId, message);
    }
}
