using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>What follows a failure is exactly what was left, cut where it must be, under the right request id, and not too often.</summary>
internal sealed class RetryShape(EventSourceMapping mapping, ViolationList violations)
{
    private readonly HashSet<Guid> _usedIds = [];

    /// <summary>A new machine has ids of its own.</summary>
    public void BeginLife() => _usedIds.Clear();

    /// <summary>Checks an attempt that a lane has begun.</summary>
    public void Check(HistoryStep.InvocationStarted started, LaneWork lane, LaneStep step)
    {
        if (step is LaneStep.NotTheRemainder or LaneStep.NotTheHalf)
            ReportOther(started, step);
        LanePart part = lane.Top;
        CheckLabel(started, part);
        if (mapping.MaximumRetryAttempts != EventSourceMapping.Unlimited && part.Failures > mapping.MaximumRetryAttempts)
        {
            Report(ViolationKind.RetriedTooOften, started,
                $"invocation {started.RequestId} tries its records once more after {part.Failures} failures; MaximumRetryAttempts is {mapping.MaximumRetryAttempts}.");
        }
        lane.Label(started.RequestId);
    }

    private void CheckLabel(HistoryStep.InvocationStarted started, LanePart part)
    {
        if (part.RequestId is { } id && id != started.RequestId)
            Report(ViolationKind.RetryMislabelled, started, $"invocation {started.RequestId} repeats the records of {id}; a retry keeps the request id.");
        else if (part.RequestId is null && !_usedIds.Add(started.RequestId))
            Report(ViolationKind.RetryMislabelled, started, $"invocation {started.RequestId} has the id of an earlier one, and other records.");
        if (started.Attempt != part.Failures + 1)
            Report(ViolationKind.RetryMislabelled, started, $"invocation {started.RequestId} is called attempt {started.Attempt}; its records failed {part.Failures} times before.");
    }

    private void ReportOther(HistoryStep.InvocationStarted started, LaneStep step)
    {
        if (step is LaneStep.NotTheHalf)
            Report(ViolationKind.BisectedWrongly, started, $"invocation {started.RequestId} has other records than the half of the failed batch whose turn it is in lane {started.Lane}.");
        else
            Report(ViolationKind.RemainderBroken, started, $"invocation {started.RequestId} has other records than those that the batch before left in lane {started.Lane}.");
    }

    private void Report(ViolationKind kind, HistoryStep.InvocationStarted started, string message)
    {
        SequenceNumber first = started.Records.Span[0].SequenceNumber;
        if (violations.Counts(kind))
            violations.List(kind, started.ShardId, first, started.RequestId, message);
    }
}
