using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees;

/// <summary>One broken promise, with what a person needs to find it.</summary>
/// <param name="Kind">Which promise.</param>
/// <param name="SequenceNumber">The record that showed it; zero when no single record did.</param>
/// <param name="RequestId">The invocation that showed it; null when it was no invocation.</param>
/// <param name="Message">What happened, naming key, numbers and invocation.</param>
public sealed record Violation(ViolationKind Kind, SequenceNumber SequenceNumber, Guid? RequestId, string Message)
{
    /// <summary>The shard, such as shardId-000000000000.</summary>
    public string ShardId { get; init; } = "";

    /// <summary>Place of the step that showed it in the history, from 0; null when the end of the history did, or nobody counts steps.</summary>
    public int? StepIndex { get; init; }

    /// <summary>When; null when nobody tells the time.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>True when the handler saw records in a wrong order; the other kinds are about loss, repetition and limits.</summary>
    public bool IsAboutOrder => Kind.IsAboutOrder();

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {Message}";
}
