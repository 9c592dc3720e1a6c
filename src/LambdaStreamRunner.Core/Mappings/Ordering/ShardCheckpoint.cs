using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>How far a shard is settled: where to read on after a stop or a crash.</summary>
/// <param name="Position">Every record before it is settled: succeeded, filtered or discarded.</param>
/// <param name="Marks">What is settled beyond the position; null when unknown.</param>
/// <param name="ShardEnded">True when the shard is closed and all of it is settled.</param>
public sealed record ShardCheckpoint(ShardPosition Position, LaneMarks? Marks = null, bool ShardEnded = false)
{
    /// <summary>The tumbling window that is open there, with its state; null when there is none.</summary>
    public TumblingWindow? Window { get; init; }
}

/// <summary>Records beyond the checkpoint that are settled already, so that a restart need not repeat them.</summary>
/// <param name="LanePolicy">The policy that the marks belong to; with another one they are worthless.</param>
/// <param name="ParallelizationFactor">The number of lanes that the marks belong to.</param>
/// <param name="SettledThrough">Highest number read so far: what is above is unsettled.</param>
/// <param name="FirstUnsettled">
/// Per order group (lane for HashLanes, key hash for DynamicKeys) the lowest unsettled number; a record up to
/// <paramref name="SettledThrough"/> whose group is absent, or that lies below its group's number, is settled.
/// </param>
public sealed record LaneMarks(
    LanePolicy LanePolicy, int ParallelizationFactor, SequenceNumber SettledThrough, ImmutableArray<LaneMark> FirstUnsettled);

/// <summary>The lowest unsettled record of one order group.</summary>
/// <param name="Group">Lane number or key hash.</param>
/// <param name="FirstUnsettled">Its lowest unsettled number.</param>
public readonly record struct LaneMark(UInt128 Group, SequenceNumber FirstUnsettled);
