using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>Spreads records over lanes so that a partition key never runs twice at once and stays in order.</summary>
/// <remarks>
/// Records of one <em>order group</em> run one after the other: the group is the lane for policies that bind keys to
/// lanes, and the key itself for those that do not. A lane takes records with <see cref="Take"/> and keeps their groups
/// claimed until <see cref="Release"/>, however often the batch is tried.
/// </remarks>
internal abstract class PartitionKeySequencer
{
    /// <summary>The order group of a record.</summary>
    public abstract UInt128 GroupOf(in StreamRecord record);

    /// <summary>A record that shall wait for its turn; numbers ascend within a group.</summary>
    /// <param name="record">The record.</param>
    /// <param name="eventLength">Its bytes in the event.</param>
    public abstract void Enqueue(in StreamRecord record, int eventLength);

    /// <summary>What the lane could take now.</summary>
    public abstract Waiting WaitingFor(int lane);

    /// <summary>When the first record that the lane could take arrived, in milliseconds since the epoch; null when none waits.</summary>
    public abstract long? FirstArrival(int lane);

    /// <summary>Moves records to an idle lane, in order, and claims their groups.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="into">As long as the largest batch.</param>
    /// <param name="budget">What the event still holds.</param>
    /// <returns>How many; at least one when any waits.</returns>
    public abstract int Take(int lane, Span<StreamRecord> into, BatchBudget budget);

    /// <summary>The lane is done with its batch: what it claimed is free.</summary>
    public abstract void Release(int lane);

    /// <summary>The lowest number that waits.</summary>
    public abstract SequenceNumber? LowestWaiting { get; }

    /// <summary>True when an idle lane could do with more records than wait for it.</summary>
    public abstract bool HasHungryLane { get; }

    /// <summary>What to do, past the read-ahead bound, with a record of this group. Asked while a lane is hungry.</summary>
    public abstract Admission Admit(UInt128 group);

    /// <summary>True when records of a group that fell behind would be of use now.</summary>
    public abstract bool WantsCatchUp(UInt128 group);

    /// <summary>The lowest unsettled number among the waiting records of each group, for the marks of a checkpoint.</summary>
    public abstract void CollectWaiting(Dictionary<UInt128, SequenceNumber> lowest);
}

/// <summary>The fate of a record for which there is no regular room.</summary>
internal enum Admission
{
    /// <summary>Hold it all the same: it feeds a hungry lane from the lane's own share.</summary>
    Take,

    /// <summary>Do not hold it; its group is read again later.</summary>
    FallBehind,

    /// <summary>Stop reading here.</summary>
    Stop,
}
