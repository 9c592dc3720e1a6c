using System.Collections.Immutable;
using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Host.Replaying;

/// <summary>A guarantee that a history breaks.</summary>
/// <param name="Name">Which one.</param>
/// <param name="Message">What happened.</param>
/// <param name="StepIndex">The step that showed it; null when the end did.</param>
internal sealed record BrokenGuarantee(string Name, string Message, int? StepIndex)
{
    /// <summary>The record that showed it; zero when none did.</summary>
    public SequenceNumber SequenceNumber { get; private init; }

    /// <summary>The invocation that showed it; null when none did.</summary>
    public Guid? RequestId { get; private init; }

    /// <summary>The page that promises it; null when that is not known.</summary>
    public Uri? Page { get; private init; }

    public static BrokenGuarantee Of(HistoryFinding finding) => new(finding.Promise, finding.Message, finding.StepIndex) { Page = finding.Page };

    public static BrokenGuarantee Of(Violation violation, int? stepIndex)
    {
        string shard = $"{violation.ShardId}: ";              // the time-line says it as well
        string message = violation.Message.StartsWith(shard, StringComparison.Ordinal) ? violation.Message[shard.Length..] : violation.Message;
        return new BrokenGuarantee(violation.Kind.ToString(), message, stepIndex) { SequenceNumber = violation.SequenceNumber, RequestId = violation.RequestId };
    }

    /// <summary>True when it is in the file already.</summary>
    public bool IsOneOf(ImmutableArray<HistoryFinding> findings) => findings.Any(finding => finding.Promise == Name && finding.StepIndex == StepIndex);
}
