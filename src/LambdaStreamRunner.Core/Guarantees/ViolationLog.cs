using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees;

/// <summary>Says in sentences what one shard has broken.</summary>
internal sealed class ViolationLog(ShardPromises promises, ViolationList violations)
{
    /// <summary>Violations of one shard that are kept with their message; later ones are only counted.</summary>
    public const int ListedMax = 100;

    /// <summary>What the shard is held to.</summary>
    public ShardPromises Promises { get; set; } = promises;

    /// <summary>Those that are kept.</summary>
    public ImmutableArray<Violation> Listed => violations.Listed;

    /// <summary>All of them.</summary>
    public long Count => violations.Count;

    /// <summary>All that are about order.</summary>
    public long OrderCount => violations.OrderCount;

    /// <summary>False when the next one is only counted, so that nobody need look closely at it.</summary>
    public bool WillList => violations.WillList(ViolationKind.RedeliveredSettled);

    public void BatchOutOfOrder(Guid requestId, in StreamRecord record, SequenceNumber previous)
    {
        if (Counts(ViolationKind.BatchOutOfOrder))
            List(ViolationKind.BatchOutOfOrder, record.SequenceNumber, requestId, $"in invocation {requestId} record {record} comes after {previous}.");
    }

    public void BatchTooLarge(Guid requestId, int count)
    {
        if (Counts(ViolationKind.BatchTooLarge))
            List(ViolationKind.BatchTooLarge, default, requestId, $"invocation {requestId} has {count} records; BatchSize is {Promises.BatchSize}.");
    }

    public void TooManyBatches(Guid requestId, int running)
    {
        if (Counts(ViolationKind.TooManyBatches))
        {
            List(ViolationKind.TooManyBatches, default, requestId,
                $"with invocation {requestId} {running} batches run at the same time; ParallelizationFactor is {Promises.ParallelizationFactor}.");
        }
    }

    public void KeyInTwoBatches(Guid requestId, in StreamRecord record, Guid other)
    {
        if (Counts(ViolationKind.KeyInTwoBatches))
        {
            List(ViolationKind.KeyInTwoBatches, record.SequenceNumber, requestId,
                $"invocation {requestId} has record {record} while invocation {other} runs with the same key.");
        }
    }

    public void OvertookUnsettled(Guid requestId, in StreamRecord record, SequenceNumber overtaken)
    {
        if (Counts(ViolationKind.OvertookUnsettled))
        {
            List(ViolationKind.OvertookUnsettled, record.SequenceNumber, requestId,
                $"invocation {requestId} has record {record}, but {overtaken} of the same key was delivered before and is not settled.");
        }
    }

    public void RedeliveredSettled(Guid requestId, in StreamRecord record, string why)
    {
        if (Counts(ViolationKind.RedeliveredSettled))
            List(ViolationKind.RedeliveredSettled, record.SequenceNumber, requestId, $"invocation {requestId} has record {record} again, which {why}.");
    }

    public void FirstDeliveryOutOfOrder(Guid requestId, in StreamRecord record, SequenceNumber later)
    {
        if (Counts(ViolationKind.FirstDeliveryOutOfOrder))
        {
            List(ViolationKind.FirstDeliveryOutOfOrder, record.SequenceNumber, requestId,
                $"invocation {requestId} has record {record} for the first time, after {later} of the same key.");
        }
    }

    public void SettledTwice(Guid? requestId, KeyHistory key, SequenceNumber number)
    {
        if (!Counts(ViolationKind.SettledTwice))
            return;
        string how = requestId is null ? "was discarded" : $"succeeded in invocation {requestId}";
        List(ViolationKind.SettledTwice, number, requestId, $"record {key.Text} {number} {how}, but was settled before.");
    }

    public void FilteredThoughSettled(in StreamRecord record)
    {
        if (Counts(ViolationKind.SettledTwice))
            List(ViolationKind.SettledTwice, record.SequenceNumber, null, $"record {record} was filtered, but was settled before.");
    }

    public void CheckpointMovedBack(ShardPosition to, SequenceNumber from)
    {
        if (Counts(ViolationKind.CheckpointMovedBack))
            List(ViolationKind.CheckpointMovedBack, to.SequenceNumber, null, $"the checkpoint moved back from {from} to {to}.");
    }

    public void CheckpointPastUnsettled(SequenceNumber to, KeyHistory key, SequenceNumber number)
    {
        if (Counts(ViolationKind.CheckpointPastUnsettled))
        {
            List(ViolationKind.CheckpointPastUnsettled, number, null,
                $"the checkpoint moved to {to}, past record {key.Text} {number}, which was delivered and is not settled.");
        }
    }

    public void CheckpointPastDiscard(SequenceNumber to, SequenceNumber number)
    {
        if (Counts(ViolationKind.CheckpointPastUnsettled))
        {
            List(ViolationKind.CheckpointPastUnsettled, number, null,
                $"the checkpoint moved to {to}, past discarded record {number}, which is still on the way to its destination.");
        }
    }

    public void Lost(in StreamRecord record, string how)
    {
        if (Counts(ViolationKind.Lost))
            List(ViolationKind.Lost, record.SequenceNumber, null, $"record {record} {how}.");
    }

    public void PassedOver(long count)
    {
        if (Counts(ViolationKind.Lost))
            List(ViolationKind.Lost, default, null, $"{count} {(count == 1 ? "record was" : "records were")} passed over and never settled.");
    }

    private bool Counts(ViolationKind kind) => violations.Counts(kind);

    private void List(ViolationKind kind, SequenceNumber number, Guid? requestId, string message) =>
        violations.List(kind, Promises.ShardId, number, requestId, message);
}
