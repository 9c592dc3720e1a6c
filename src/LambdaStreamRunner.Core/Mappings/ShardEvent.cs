using System.Buffers;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings;

/// <summary>What happened in the world, told to a <see cref="ShardMachine"/>.</summary>
public abstract record ShardEvent
{
    private ShardEvent()
    {
    }

    /// <summary>The answer to <see cref="ShardDecision.ReadRecords"/>; it may be empty.</summary>
    /// <param name="Cursor">Whose read this was.</param>
    /// <param name="Records">The records, in order. They must stay readable while the machine holds any of them.</param>
    public sealed record RecordsRead(ReadCursor Cursor, ReadOnlySequence<StreamRecord> Records) : ShardEvent;

    /// <summary>A read that did not answer: throttled, unreachable, refused. It is asked again after a pause.</summary>
    /// <param name="Cursor">Whose read this was.</param>
    /// <param name="Error">Why, for people.</param>
    public sealed record ReadFailed(ReadCursor Cursor, string Error) : ShardEvent;

    /// <summary>An invocation ended, was cut off, or never began.</summary>
    /// <param name="Batch">The batch of <see cref="ShardDecision.InvokeFunction"/>; its lease ends here.</param>
    /// <param name="Outcome">How it ended.</param>
    public sealed record BatchFinished(Batch Batch, BatchOutcome Outcome) : ShardEvent;

    /// <summary>The destination has the discarded batch (or none is configured): its records are settled.</summary>
    public sealed record DiscardDelivered(DiscardedBatch Batch) : ShardEvent;

    /// <summary>Delivery has failed for good: the records are lost, counted, and settled.</summary>
    public sealed record DiscardFailed(DiscardedBatch Batch, string Error) : ShardEvent;

    /// <summary>Time has passed. Always harmless: late, early or repeated.</summary>
    public sealed record TimerDue : ShardEvent
    {
        /// <summary>The only one needed.</summary>
        public static TimerDue Instance { get; } = new();
    }

    /// <summary>The main cursor has read the last record that a closed shard will ever have.</summary>
    public sealed record ShardEnded : ShardEvent
    {
        /// <summary>The only one needed.</summary>
        public static ShardEnded Instance { get; } = new();
    }

    /// <summary>The last <see cref="ShardDecision.SaveCheckpoint"/> is stored.</summary>
    public sealed record CheckpointSaved : ShardEvent
    {
        /// <summary>The only one needed.</summary>
        public static CheckpointSaved Instance { get; } = new();
    }

    /// <summary>The mapping shall stop.</summary>
    public sealed record StopRequested(StopMode Mode) : ShardEvent;
}

/// <summary>How a mapping stops.</summary>
public enum StopMode
{
    /// <summary>Running invocations end and count; nothing else is started. What is unsettled comes again after the checkpoint.</summary>
    SettleInFlight,

    /// <summary>Everything read so far is settled first, without waiting for windows; nothing more is read.</summary>
    Drain,
}

/// <summary>Which of a shard's two readers a read belongs to.</summary>
public enum ReadCursor
{
    /// <summary>Reads on at the front.</summary>
    Main,

    /// <summary>Reads again what had no room when the main cursor passed it.</summary>
    CatchUp,
}
