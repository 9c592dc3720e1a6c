using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees;

/// <summary>One broken promise, with what a person needs to find it.</summary>
/// <param name="Kind">Which promise.</param>
/// <param name="SequenceNumber">The record that showed it; zero when no single record did.</param>
/// <param name="RequestId">The invocation that showed it; null when it was no invocation.</param>
/// <param name="Message">What happened, naming key, numbers and invocation.</param>
public sealed record Violation(ViolationKind Kind, SequenceNumber SequenceNumber, Guid? RequestId, string Message)
{
    /// <summary>True when the handler saw records in a wrong order; the other kinds are about loss, repetition and limits.</summary>
    public bool IsAboutOrder => Kind.IsAboutOrder();

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {Message}";
}

/// <summary>The promises of a mapping that <see cref="ShardChecker"/> watches.</summary>
public enum ViolationKind
{
    /// <summary>The numbers within one batch do not strictly increase.</summary>
    BatchOutOfOrder,

    /// <summary>A batch has more records than BatchSize.</summary>
    BatchTooLarge,

    /// <summary>A key is in two batches that run at the same time.</summary>
    KeyInTwoBatches,

    /// <summary>A record was delivered for the first time after a later record of its key.</summary>
    FirstDeliveryOutOfOrder,

    /// <summary>A record was delivered while an earlier one of its key was unsettled and not in the same batch before it.</summary>
    OvertookUnsettled,

    /// <summary>A record that had succeeded, was filtered or was discarded was delivered again, and no restart explains it.</summary>
    RedeliveredSettled,

    /// <summary>A record was settled a second time: two of succeeded, filtered and discarded, or one of them twice.</summary>
    SettledTwice,

    /// <summary>The checkpoint moved back.</summary>
    CheckpointMovedBack,

    /// <summary>The checkpoint passed a record that was delivered and not settled, or discarded and still on its way.</summary>
    CheckpointPastUnsettled,

    /// <summary>More batches of the shard ran at the same time than ParallelizationFactor allows.</summary>
    TooManyBatches,

    /// <summary>A record was never settled.</summary>
    Lost,
}

/// <summary>Questions about kinds of violations.</summary>
public static class ViolationKinds
{
    /// <summary>True when the kind means that the handler saw records in a wrong order.</summary>
    public static bool IsAboutOrder(this ViolationKind kind) => kind is ViolationKind.BatchOutOfOrder or ViolationKind.KeyInTwoBatches
        or ViolationKind.FirstDeliveryOutOfOrder or ViolationKind.OvertookUnsettled;
}
