using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Properties;

/// <summary>A lie that is told in one step of a history.</summary>
/// <param name="Make">The history with the lie, at one of its places; null when there is no place for it.</param>
/// <param name="Shows">The violations of which it shows one.</param>
internal sealed record HistoryChange(Func<HistoryStep[], int, HistoryStep[]?> Make, params ViolationKind[] Shows)
{
    public static HistoryChange[] All { get; } =
    [
        new((steps, choice) => Change<HistoryStep.RecordArrived>(steps, choice, DeliveredIn(steps), _ => []), ViolationKind.RecordOfElsewhere),
        On<HistoryStep.InvocationStarted>(
            started => started.Records.Length > 0,
            started => started with { Attempt = started.Attempt + 1 },
            ViolationKind.RetryMislabelled),
        On<HistoryStep.InvocationStarted>(
            started => started is { ClosedBy: FlushReason.Window, Window: null, Records.Length: > 0 },
            started => started with { Time = started.Time.AddDays(-1) },
            ViolationKind.ClosedTooEarly),
        On<HistoryStep.Discarded>(
            discarded => discarded.Batch.Records.Length > 1,
            discarded => discarded with { Batch = discarded.Batch with { ApproximateInvokeCount = discarded.Batch.ApproximateInvokeCount + 1 } },
            ViolationKind.DiscardMiscounted),
        On<HistoryStep.Discarded>(
            discarded => discarded.Batch is { Reason: DiscardReason.RecordAgeExceeded, Records.Length: > 0 },
            discarded => discarded with { Time = discarded.Batch.Records[^1].Arrival },
            ViolationKind.DiscardedTooYoung),
        On<HistoryStep.Discarded>(
            discarded => discarded.Batch is { Reason: DiscardReason.RetryAttemptsExhausted, Records.Length: > 1 },
            discarded => discarded with { Batch = discarded.Batch with { Records = discarded.Batch.Records[1..] } },
            ViolationKind.DiscardedOtherRecords,
            ViolationKind.DiscardedWithRetriesLeft),
    ];

    private static HistoryChange On<TStep>(Func<TStep, bool> isMeant, Func<TStep, TStep> change, params ViolationKind[] shows)
        where TStep : HistoryStep => new((steps, choice) => Change(steps, choice, isMeant, step => [change(step)]), shows);

    private static HistoryStep[]? Change<TStep>(HistoryStep[] steps, int choice, Func<TStep, bool> isMeant, Func<TStep, HistoryStep[]> change)
        where TStep : HistoryStep
    {
        int[] meant = [.. steps.Index().Where(step => step.Item is TStep one && isMeant(one)).Select(step => step.Index)];
        if (meant.Length == 0)
            return null;
        int place = meant[choice % meant.Length];
        return [.. steps[..place], .. change((TStep)steps[place]), .. steps[(place + 1)..]];
    }

    private static Func<HistoryStep.RecordArrived, bool> DeliveredIn(HistoryStep[] steps)
    {
        HashSet<SequenceNumber> delivered =
            [.. steps.OfType<HistoryStep.InvocationStarted>().SelectMany(started => started.Records.ToArray()).Select(record => record.SequenceNumber)];
        return arrived => delivered.Contains(arrived.Record.SequenceNumber);
    }
}
