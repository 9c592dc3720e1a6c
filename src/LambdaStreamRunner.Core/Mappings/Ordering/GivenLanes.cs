using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>Lanes that somebody else assigns: any assignment that keeps a key in one lane keeps the order of its records.</summary>
internal sealed class GivenLanes(EventSourceMapping mapping, Func<UInt128, int> laneOfKey) : LaneQueues(mapping)
{
    protected override int LaneOf(in StreamRecord record) => laneOfKey(record.KeyHash);
}
