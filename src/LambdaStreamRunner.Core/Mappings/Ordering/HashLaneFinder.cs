using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>Tells which lane records belong to under <see cref="LanePolicy.HashLanes"/>, without a machine.</summary>
/// <param name="mapping">Its ParallelizationFactor is the number of lanes.</param>
/// <param name="range">The shard's part of the hash space.</param>
public sealed class HashLaneFinder(EventSourceMapping mapping, HashKeyRange range)
{
    private readonly HashLanes _lanes = new(mapping, range);

    /// <summary>The lane of a record, from 0.</summary>
    public int LaneOf(in StreamRecord record) => (int)_lanes.GroupOf(in record);   // a lane is the order group there
}
