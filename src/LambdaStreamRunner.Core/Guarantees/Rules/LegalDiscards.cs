using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>Records are given up when their retries are spent or their age is reached, exactly those, and not without a trace.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html"/>.</remarks>
internal sealed class LegalDiscards(HistoryPromises promises, BatchForm form, RecordTable table, ViolationList violations)
{
    private readonly EventSourceMapping _mapping = promises.Mapping;

    /// <summary>Checks a discarded batch.</summary>
    /// <param name="step">The discard.</param>
    /// <param name="lane">The lane that was about to try its records; null when none was seen to.</param>
    public void Check(HistoryStep.Discarded step, LaneWork? lane)
    {
        DiscardedBatch batch = step.Batch;
        if (batch.Records.IsEmpty)
            return;
        if (!promises.HasDestination)
            Report(ViolationKind.DiscardedWithoutDestination, step, $"{Named(batch)} given up, and the mapping has no on-failure destination to tell.");
        if (IsRunning(batch.Records.AsSpan()) || !IsPartOf(batch, lane))
        {
            Report(ViolationKind.DiscardedOtherRecords, step, $"{Named(batch)} given up, which are not the records whose turn it was.");
            return;
        }
        if (batch.Reason is DiscardReason.RecordAgeExceeded)
            CheckAge(step);
        CheckAttempts(step, lane?.Top.Failures ?? 0);
    }

    /// <summary>Checks the discard of the end of a tumbling window.</summary>
    public void CheckWindowEnd(HistoryStep.Discarded step, int failures)
    {
        if (step.Batch.Reason is DiscardReason.RetryAttemptsExhausted)
            CheckAttempts(step, failures);
        else if (step.Batch.Window is { } told && !(step.Time - told.Window.End >= _mapping.MaximumRecordAge))
            Report(ViolationKind.DiscardedTooYoung, step, $"the end of the window at {told.Window.End:O} was given up for its age, which is not reached.");
    }

    /// <summary>A discarded batch has its destination, or never will.</summary>
    public void CheckDelivery(HistoryStep.DiscardSettled step)
    {
        if (step.Error is { } error && violations.Counts(ViolationKind.DiscardUndelivered))
            List(ViolationKind.DiscardUndelivered, step, step.Batch, $"{Named(step.Batch)} given up, and the destination never got that: {error}");
    }

    private void CheckAge(HistoryStep.Discarded step)
    {
        foreach (StreamRecord record in step.Batch.Records)
        {
            if (step.Time - record.Arrival >= _mapping.MaximumRecordAge)
                continue;
            Report(ViolationKind.DiscardedTooYoung, step, $"record {record} was given up for its age at {step.Time - record.Arrival}; MaximumRecordAge is {Text(_mapping.MaximumRecordAge)}.");
            return;
        }
    }

    private void CheckAttempts(HistoryStep.Discarded step, int failures)
    {
        DiscardedBatch batch = step.Batch;
        if (IsTooLarge(batch))
            failures = batch.ApproximateInvokeCount;          // nobody sees the attempts at an event that is too large to be made
        int needed = _mapping.MaximumRetryAttempts + 1;
        bool isSpent = _mapping.MaximumRetryAttempts != EventSourceMapping.Unlimited && failures >= needed;
        if (batch.Reason is DiscardReason.RetryAttemptsExhausted && !isSpent)
        {
            Report(ViolationKind.DiscardedWithRetriesLeft, step,
                $"{Named(batch)} given up after {failures} failed attempts; MaximumRetryAttempts is {_mapping.MaximumRetryAttempts}.");
        }
        else if (batch.ApproximateInvokeCount != Math.Max(1, failures))
        {
            Report(ViolationKind.DiscardMiscounted, step, $"{Named(batch)} given up with an ApproximateInvokeCount of {batch.ApproximateInvokeCount} after {failures} attempts.");
        }
    }

    // All of the part when it has failed, its first records when they are too old.
    private bool IsPartOf(DiscardedBatch batch, LaneWork? lane)
    {
        bool isExhausted = batch.Reason is DiscardReason.RetryAttemptsExhausted;
        if (lane is null)
            return !isExhausted || IsTooLarge(batch);
        ReadOnlySpan<StreamRecord> next = lane.Next;
        if (batch.Records.Length > next.Length || (isExhausted && batch.Records.Length < next.Length && !IsTooLarge(batch)))
            return false;
        for (int i = 0; i < batch.Records.Length; i++)
        {
            if (batch.Records[i].SequenceNumber != next[i].SequenceNumber)
                return false;
        }
        return true;
    }

    private bool IsTooLarge(DiscardedBatch batch) =>
        batch.Records.Length <= 1 && form.EventLengthOf(batch.Records.AsSpan(), batch.Window) > KinesisEventFormat.EventLengthMax;

    private bool IsRunning(ReadOnlySpan<StreamRecord> records)
    {
        foreach (ref readonly StreamRecord record in records)
        {
            if (table.Find(record.SequenceNumber) is var place and >= 0 && table.Has(place, Fates.Runs))
                return true;
        }
        return false;
    }

    private static string Named(DiscardedBatch batch) => batch.Records.Length switch
    {
        0 => "the end of a tumbling window was",
        1 => $"record {batch.Records[0]} was",
        _ => $"{batch.Records.Length} records from {batch.Records[0]} on were",
    };

    private static string Text(TimeSpan? age) => age?.ToString() ?? "-1, which is never";

    private void Report(ViolationKind kind, HistoryStep.Discarded step, string message)
    {
        if (violations.Counts(kind))
            List(kind, step, step.Batch, message);
    }

    private void List(ViolationKind kind, HistoryStep step, DiscardedBatch batch, string message) =>
        violations.List(kind, step.ShardId, batch.Records.IsEmpty ? default : batch.Records[0].SequenceNumber, batch.RequestId, message);
}
