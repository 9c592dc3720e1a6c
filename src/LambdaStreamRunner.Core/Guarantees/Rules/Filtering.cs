using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings.Filtering.Matching;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>The records that no filter wants are passed, and no others.</summary>
/// <remarks>
/// Asks the mapping's own matcher again, for each record as it arrived: what is judged is what was done with its answer. The
/// answer itself is the matter of the tests of filter patterns.
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html"/>.
/// </remarks>
internal sealed class Filtering(HistoryPromises promises, ViolationList violations)
{
    private readonly RecordFilter _filter = new(promises.Mapping.FilterCriteria);

    /// <summary>Checks a record that was passed as unwanted.</summary>
    public void CheckPassed(HistoryStep.Filtered step, in StreamRecord record)
    {
        if (!_filter.Matches(in record))
            return;
        string why = _filter.IsEmpty ? "the mapping has no filters" : "a filter matches it";
        Report(step, in record, null, $"record {record} was filtered out although {why}.");
    }

    /// <summary>Checks a record that an invocation gets.</summary>
    public void CheckDelivered(HistoryStep.InvocationStarted step, in StreamRecord record)
    {
        if (!_filter.Matches(in record))
            Report(step, in record, step.RequestId, $"invocation {step.RequestId} has record {record}, which no filter matches.");
    }

    private void Report(HistoryStep step, in StreamRecord record, Guid? requestId, string message)
    {
        if (violations.Counts(ViolationKind.FilteredWrongly))
            violations.List(ViolationKind.FilteredWrongly, step.ShardId, record.SequenceNumber, requestId, message);
    }
}
