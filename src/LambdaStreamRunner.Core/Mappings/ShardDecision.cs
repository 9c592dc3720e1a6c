using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings;

/// <summary>What a <see cref="ShardMachine"/> wants done. Each is answered by one <see cref="ShardEvent"/>, save where it says otherwise.</summary>
public abstract record ShardDecision
{
    private ShardDecision()
    {
    }

    /// <summary>Read the shard; answered by RecordsRead, ReadFailed, or (main cursor) ShardEnded.</summary>
    /// <param name="Cursor">Whose read this is; at most one per cursor is under way.</param>
    /// <param name="From">Where to begin.</param>
    /// <param name="Limit">Most records to return, at most 10,000; and no more than 10 MiB.</param>
    /// <param name="WaitForRecords">True: answer when there are records (or the shard ends), however long it takes. False: answer at once.</param>
    public sealed record ReadRecords(ReadCursor Cursor, ShardPosition From, int Limit, bool WaitForRecords) : ShardDecision;

    /// <summary>Invoke the function with a batch; answered by BatchFinished.</summary>
    public sealed record InvokeFunction(Batch Batch) : ShardDecision;

    /// <summary>Send TimerDue at this time. Replaces the wish before; a hint only, never answered for its own sake.</summary>
    public sealed record WakeAt(DateTimeOffset Time) : ShardDecision;

    /// <summary>Store the checkpoint; answered by CheckpointSaved. At most one is under way.</summary>
    public sealed record SaveCheckpoint(ShardCheckpoint Checkpoint) : ShardDecision;

    /// <summary>Give a discarded batch to the on-failure destination; answered by DiscardDelivered or DiscardFailed.</summary>
    public sealed record SendToDestination(DiscardedBatch Batch) : ShardDecision;

    /// <summary>The machine is done and takes no more events; not answered.</summary>
    public sealed record CloseShard(CloseReason Reason) : ShardDecision;
}

/// <summary>Why a machine is done.</summary>
public enum CloseReason
{
    /// <summary>The shard was closed by a reshard and all its records are settled: its children may begin.</summary>
    ShardEnd,

    /// <summary>The mapping was stopped.</summary>
    Stopped,
}
