using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Runner.Telemetry;

/// <summary>The EventCount metrics of one mapping, for which its MetricsConfig asks.</summary>
/// <remarks>
/// When everything is drained, records are conserved: polled = filtered out + succeeded + delivered to the on-failure
/// destination + dropped + those that left retention after they were polled, which are in no metric.
/// </remarks>
/// <param name="metrics">The instruments.</param>
/// <param name="uuid">The mapping.</param>
/// <param name="hasDestination">True when discarded batches are delivered somewhere.</param>
public sealed class EventCountMetrics(LambdaMetrics metrics, Guid uuid, bool hasDestination)
{
    private readonly KeyValuePair<string, object?> _mapping = new("EventSourceMappingUUID", uuid.ToString());

    /// <summary>A read was answered: with records that were not known before, or with none, as a sign of life.</summary>
    public void Polled(long records) => metrics.Polled.Add(records, _mapping);

    /// <summary>No filter let them pass.</summary>
    public void FilteredOut(long records) => metrics.FilteredOut.Add(records, _mapping);

    /// <summary>The function has had a batch.</summary>
    /// <param name="records">Records in it.</param>
    /// <param name="outcome">How it ended; throttled, the function never had it.</param>
    public void Invoked(int records, BatchOutcome outcome)
    {
        if (outcome is BatchOutcome.Throttled)
            return;
        metrics.Invoked.Add(records, _mapping);
        int failed = outcome switch
        {
            BatchOutcome.Failed => records,
            BatchOutcome.PartlyFailed partly => records - partly.LowestFailedIndex,    // open question Q21: from the checkpoint on
            _ => 0,
        };
        if (failed > 0)
            metrics.FailedInvoke.Add(failed, _mapping);
    }

    /// <summary>Records were given up, and their destination, if there is one, was told.</summary>
    public void Discarded(int records) => (hasDestination ? metrics.OnFailureDestinationDelivered : metrics.Dropped).Add(records, _mapping);

    /// <summary>Records were given up, and their destination was not to be reached.</summary>
    public void Lost(int records) => metrics.Dropped.Add(records, _mapping);
}
