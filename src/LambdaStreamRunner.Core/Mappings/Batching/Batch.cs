using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Batching;

/// <summary>Records of one lane, in order, lent to the driver for one attempt.</summary>
/// <remarks>
/// A lease: valid from <see cref="ShardDecision.InvokeFunction"/> until the driver answers with
/// <see cref="ShardEvent.BatchFinished"/>. The lane then uses the same object and memory again.
/// </remarks>
public sealed class Batch
{
    internal Batch(int lane) => Lane = lane;

    /// <summary>Number of the lane, from 0.</summary>
    public int Lane { get; }

    /// <summary>The records of this attempt; none when a tumbling window ends.</summary>
    public ReadOnlyMemory<StreamRecord> Records { get; internal set; }

    /// <summary>AwsRequestId: the same for every attempt at the identical records.</summary>
    public Guid RequestId { get; internal set; }

    /// <summary>Invocations of the identical records so far, this one included: 1 for the first.</summary>
    public int Attempt { get; internal set; }

    /// <summary>The tumbling window, with the state to begin with; null without windows.</summary>
    public TimeWindow? Window { get; internal set; }

    /// <summary>True for the first attempt at what was gathered, be it without first records that were too old by then; false for parts of it and repetitions.</summary>
    public bool IsNewlyGathered { get; internal set; }

    /// <summary>Why the gathered batch was closed; null when this is a part of it (a half, a remainder) or a repetition.</summary>
    public FlushReason? ClosedBy { get; internal set; }
}

/// <summary>Why gathering ended.</summary>
public enum FlushReason
{
    /// <summary>BatchSize records were there.</summary>
    Size,

    /// <summary>The batching window was over (or is 0).</summary>
    Window,

    /// <summary>The event would have passed 6 MB.</summary>
    Payload,

    /// <summary>No more records can come: the shard has ended.</summary>
    ShardEnd,

    /// <summary>The mapping is draining.</summary>
    Drain,
}
