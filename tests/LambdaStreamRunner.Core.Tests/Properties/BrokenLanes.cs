using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Properties;

/// <summary>Gives records to lanes in turn: a key runs in several at once.</summary>
internal sealed class RoundRobinLanes(EventSourceMapping mapping) : LaneQueues(mapping)
{
    private readonly ulong _lanes = (ulong)mapping.ParallelizationFactor;

    protected override int LaneOf(in StreamRecord record) => (int)(record.SequenceNumber.Index % _lanes);
}

/// <summary>Keeps order per key, and drops one record on the floor.</summary>
internal sealed class LosingLanes(EventSourceMapping mapping, ulong lost) : LaneQueues(mapping)
{
    private readonly uint _lanes = (uint)mapping.ParallelizationFactor;

    protected override int LaneOf(in StreamRecord record) => (int)(record.KeyHash % _lanes);

    public override void Enqueue(in StreamRecord record, int eventLength)
    {
        if (record.SequenceNumber.Index != lost)
            base.Enqueue(in record, eventLength);
    }
}
