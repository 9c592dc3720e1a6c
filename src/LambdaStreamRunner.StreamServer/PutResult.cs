using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer;

/// <summary>Where a record went.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="SequenceNumber">Its number there.</param>
public readonly record struct PutResult(Shard Shard, SequenceNumber SequenceNumber);
