using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Testing.Choosing;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>A fingerprint of a history.</summary>
internal static class HistoryHashing
{
    public static ulong Of(IEnumerable<HistoryStep> steps) => steps.Aggregate(0UL, (hash, step) => Mixing.Mix(hash ^ Of(step)));

    private static ulong Of(HistoryStep step)
    {
        ulong hash = With((ulong)step.Time.UtcTicks, TextHash(step.GetType().Name));
        hash = With(hash, TextHash(step.ShardId));
        return step switch
        {
            HistoryStep.InvocationStarted started => With(With(With(hash, (ulong)started.Lane), TextHash(started.RequestId.ToString())), Of(started.Records.Span)),
            HistoryStep.InvocationEnded ended => With(With(hash, TextHash(ended.RequestId.ToString())), TextHash(ended.Outcome.ToString())),
            HistoryStep.RecordArrived arrived => With(hash, Of([arrived.Record])),
            HistoryStep.Filtered filtered => With(hash, Of(filtered.Records.Span)),
            HistoryStep.Discarded discarded => With(With(hash, (ulong)discarded.Batch.Reason), Of(discarded.Batch.Records.AsSpan())),
            HistoryStep.CheckpointSaved saved => With(hash, TextHash(saved.Checkpoint.Position.ToString())),
            HistoryStep.EffectMade made => With(With(hash, TextHash(made.Key)), TextHash(made.Value)),
            _ => hash,
        };
    }

    private static ulong Of(ReadOnlySpan<StreamRecord> records)
    {
        ulong hash = (ulong)records.Length;
        foreach (ref readonly StreamRecord record in records)
            hash = With(hash, record.SequenceNumber.Index);
        return hash;
    }

    private static ulong With(ulong hash, ulong bits) => Mixing.Mix(hash ^ bits);

    /// <summary>The same for the same two texts, in every process.</summary>
    public static ulong TextHash(string first, string second) => With(TextHash(first), TextHash(second));

    // string.GetHashCode differs from process to process.
    private static ulong TextHash(string text)
    {
        ulong hash = 14_695_981_039_346_656_037UL;
        foreach (char character in text)
            hash = (hash ^ character) * 1_099_511_628_211UL;
        return hash;
    }
}
