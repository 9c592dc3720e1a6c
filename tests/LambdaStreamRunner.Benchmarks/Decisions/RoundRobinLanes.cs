using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Benchmarks.Decisions;

/// <summary>Gives records to lanes in turn and so keeps no order per key: what the order of the real policies is measured against.</summary>
internal sealed class RoundRobinLanes(EventSourceMapping mapping) : LaneQueues(mapping)
{
    private readonly ulong _lanes = (ulong)mapping.ParallelizationFactor;

    protected override int LaneOf(in StreamRecord record) => (int)(record.SequenceNumber.Index % _lanes);
}
