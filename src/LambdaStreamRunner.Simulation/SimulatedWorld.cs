using System.Buffers;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Simulation;

/// <summary>How the world around the machines answers. Here it answers at once and nothing goes wrong, save what a derived world says.</summary>
public abstract class SimulatedWorld
{
    /// <summary>An invocation began: finish it later, be it at the same time; never within this call.</summary>
    public abstract void Invoke(SimulatedInvocation invocation);

    /// <summary>From the time at which a shard can be read until its machine begins.</summary>
    public virtual TimeSpan BeginDelay(SimulatedShard shard) => TimeSpan.Zero;

    /// <summary>Why a read is not answered; null when it is.</summary>
    public virtual string? FailureOf(SimulatedShard shard, ShardDecision.ReadRecords read) => null;

    /// <summary>A read is answered with records.</summary>
    public virtual void RecordsRead(SimulatedShard shard, ReadCursor cursor, ReadOnlySequence<StreamRecord> records)
    {
    }

    /// <summary>An invocation ends now; its batch is still valid.</summary>
    public virtual void InvocationEnded(SimulatedInvocation invocation, BatchOutcome outcome)
    {
    }

    /// <summary>From SaveCheckpoint to the checkpoint being stored.</summary>
    public virtual TimeSpan CheckpointDelay(SimulatedShard shard, ShardCheckpoint checkpoint) => TimeSpan.Zero;

    /// <summary>Whether the process dies when a checkpoint is about to be stored, or just after.</summary>
    public virtual CrashPoint CrashAt(SimulatedShard shard, ShardCheckpoint checkpoint) => CrashPoint.None;

    /// <summary>From a crash to the new start.</summary>
    public virtual TimeSpan RestartDelay => TimeSpan.Zero;

    /// <summary>The process died: running invocations are nobody's any more.</summary>
    public virtual void Crashed()
    {
    }

    /// <summary>From SendToDestination to its answer.</summary>
    public virtual TimeSpan DestinationDelay(DiscardedBatch batch) => TimeSpan.Zero;

    /// <summary>Why the destination refuses a batch for good; null when it takes it.</summary>
    public virtual string? RefusalOf(DiscardedBatch batch) => null;

    /// <summary>The place among what is due at the same time: the lower comes first, equals come in the order in which they were planned.</summary>
    public virtual int RankOf(Occasion occasion, SimulatedShard shard) => 0;
}

/// <summary>When a process dies.</summary>
public enum CrashPoint
{
    /// <summary>It lives on.</summary>
    None,

    /// <summary>Before the checkpoint is stored.</summary>
    BeforeStoring,

    /// <summary>The checkpoint is stored, and the machine never hears of it.</summary>
    AfterStoring,
}

/// <summary>What is planned for a time.</summary>
public enum Occasion
{
    /// <summary>A machine asked to be woken.</summary>
    Timer,

    /// <summary>A read is answered.</summary>
    ReadAnswered,

    /// <summary>An invocation ends.</summary>
    InvocationEnds,

    /// <summary>A checkpoint is stored.</summary>
    CheckpointStored,

    /// <summary>A destination answers.</summary>
    DestinationAnswers,
}
