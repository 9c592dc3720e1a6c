using System.Buffers;

namespace LambdaStreamRunner.Core.Streams;

/// <summary>What one read of a shard found.</summary>
/// <param name="Records">The records in order, where they lie: nothing is copied, and they stay readable as long as somebody holds them.</param>
/// <param name="Next">Where to read on. Never <see cref="ShardPosition.Latest"/>: that has become a fixed place.</param>
/// <param name="EndOfShard">True when the shard is closed and nothing is left behind these records.</param>
/// <param name="MillisBehindLatest">Age of the first record behind these; 0 when there is none.</param>
public readonly record struct ShardRead(
    ReadOnlySequence<StreamRecord> Records, ShardPosition Next, bool EndOfShard, long MillisBehindLatest);
