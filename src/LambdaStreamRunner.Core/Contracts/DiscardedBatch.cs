using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Contracts;

/// <summary>Records that will not be tried again, with what the on-failure destination is told about them.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html"/>.</remarks>
/// <param name="Records">The records, in order; none when it was the final invocation of a tumbling window.</param>
/// <param name="Reason">The condition.</param>
/// <param name="RequestId">The id the function saw last, or a fresh one when it never ran.</param>
/// <param name="ApproximateInvokeCount">Attempts that the poller made at exactly these records, at least 1.</param>
/// <param name="Response">The function's last answer; null when it never ran on these records or their age decided.</param>
/// <param name="Time">When the batch was discarded.</param>
public sealed record DiscardedBatch(
    ImmutableArray<StreamRecord> Records,
    DiscardReason Reason,
    Guid RequestId,
    int ApproximateInvokeCount,
    DiscardedResponse? Response,
    DateTimeOffset Time)
{
    /// <summary>The tumbling window that the records belong to; null without windows.</summary>
    public TimeWindow? Window { get; init; }
}

/// <summary>The responseContext of a discarded batch.</summary>
/// <param name="FunctionError">"Unhandled" after a function error; null when the function answered and reported failures.</param>
/// <param name="Error">What went wrong, for people; not part of the document.</param>
public sealed record DiscardedResponse(string? FunctionError, string? Error);
