using System.Collections.Immutable;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Histories;

/// <summary>One thing that happened to a mapping or to the stream before it, as somebody beside the machine sees it.</summary>
/// <remarks>
/// A list of steps is a history: the simulation and the testing library make one, a run's journal is one, the checker judges
/// one and a time-line shows one. Steps come in the order in which they happened.
/// </remarks>
/// <param name="Time">When.</param>
/// <param name="ShardId">On which shard, such as shardId-000000000000.</param>
public abstract record HistoryStep(DateTimeOffset Time, string ShardId)
{
    /// <summary>The stream has a shard, from its beginning or from a reshard on.</summary>
    /// <param name="Time">When.</param>
    /// <param name="ShardId">Its id.</param>
    /// <param name="Range">Its part of the hash space.</param>
    /// <param name="Parents">The shards that it continues: none, one (a split) or two (a merge).</param>
    public sealed record ShardCreated(DateTimeOffset Time, string ShardId, HashKeyRange Range, ImmutableArray<string> Parents)
        : HistoryStep(Time, ShardId);

    /// <summary>A reshard closed the shard: no more records come.</summary>
    public sealed record ShardClosed(DateTimeOffset Time, string ShardId) : HistoryStep(Time, ShardId);

    /// <summary>A record was put; in a run's journal: it was read for the first time.</summary>
    public sealed record RecordArrived(DateTimeOffset Time, string ShardId, StreamRecord Record) : HistoryStep(Time, ShardId);

    /// <summary>A machine began at a position: the first one of the shard, or one after a stop or a crash.</summary>
    public sealed record MachineBegan(DateTimeOffset Time, string ShardId, ShardCheckpoint From) : HistoryStep(Time, ShardId);

    /// <summary>The process died: what the machine knew and had under way is lost.</summary>
    public sealed record MachineCrashed(DateTimeOffset Time, string ShardId) : HistoryStep(Time, ShardId);

    /// <summary>The machine was done.</summary>
    public sealed record MachineClosed(DateTimeOffset Time, string ShardId, CloseReason Reason) : HistoryStep(Time, ShardId);

    /// <summary>An invocation began, or was throttled.</summary>
    /// <param name="Time">When.</param>
    /// <param name="ShardId">On which shard.</param>
    /// <param name="Lane">In which lane.</param>
    /// <param name="RequestId">Of attempts that run at the same time no two have the same; attempts at identical records have.</param>
    /// <param name="Attempt">1 for the first at exactly these records.</param>
    /// <param name="Records">The records; none at the end of a tumbling window.</param>
    public sealed record InvocationStarted(
        DateTimeOffset Time, string ShardId, int Lane, Guid RequestId, int Attempt, ReadOnlyMemory<StreamRecord> Records)
        : HistoryStep(Time, ShardId)
    {
        /// <summary>Why the gathered batch was closed; null when this is a part of it or a repetition.</summary>
        public FlushReason? ClosedBy { get; init; }

        /// <summary>What it was told about its tumbling window; null without windows.</summary>
        public TimeWindow? Window { get; init; }
    }

    /// <summary>An invocation ended.</summary>
    public sealed record InvocationEnded(DateTimeOffset Time, string ShardId, Guid RequestId, BatchOutcome Outcome) : HistoryStep(Time, ShardId);

    /// <summary>Records that no filter wanted were passed: neighbours on the shard.</summary>
    public sealed record Filtered(DateTimeOffset Time, string ShardId, ReadOnlyMemory<StreamRecord> Records) : HistoryStep(Time, ShardId);

    /// <summary>A batch was given up; its destination may not have it yet.</summary>
    public sealed record Discarded(DateTimeOffset Time, string ShardId, DiscardedBatch Batch) : HistoryStep(Time, ShardId);

    /// <summary>The destination has a discarded batch, or never will.</summary>
    /// <param name="Time">When.</param>
    /// <param name="ShardId">On which shard.</param>
    /// <param name="Batch">The batch.</param>
    /// <param name="Error">Why it never will; null when it has it, or when there is no destination.</param>
    public sealed record DiscardSettled(DateTimeOffset Time, string ShardId, DiscardedBatch Batch, string? Error) : HistoryStep(Time, ShardId);

    /// <summary>A checkpoint was stored.</summary>
    public sealed record CheckpointSaved(DateTimeOffset Time, string ShardId, ShardCheckpoint Checkpoint) : HistoryStep(Time, ShardId);

    /// <summary>The handler changed something outside itself, and said so.</summary>
    /// <param name="Time">When.</param>
    /// <param name="ShardId">The shard of the invocation.</param>
    /// <param name="RequestId">The invocation that the code belonged to, ended or not.</param>
    /// <param name="IsWithinInvocation">False when that invocation had ended: work that nobody waited for.</param>
    /// <param name="Key">What was changed, such as the partition key.</param>
    /// <param name="Value">The change, as text.</param>
    public sealed record EffectMade(DateTimeOffset Time, string ShardId, Guid RequestId, bool IsWithinInvocation, string Key, string Value)
        : HistoryStep(Time, ShardId);
}
