using System.Buffers;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>Where a pump gets the records of one shard from.</summary>
public interface IShardReader
{
    /// <summary>Reads once for one of the machine's cursors; each cursor reads by itself, one read at a time.</summary>
    /// <param name="request">
    /// From where, how many, and whether to wait until there are records. The position may lie inside a record, with a
    /// SubSequenceNumber: <see cref="ShardPosition.BetweenRecords"/> is for readers that know no user records.
    /// </param>
    /// <param name="stopping">Fires when the mapping stops; the answer no longer matters.</param>
    ValueTask<ShardReadResult> ReadAsync(ShardDecision.ReadRecords request, CancellationToken stopping);

    /// <summary>True when nothing waits to be read from here on. Where only reading tells, it becomes true after a read that found nothing and began after the question.</summary>
    bool IsAtTip(ShardPosition position);

    /// <summary>How many records wait to be read from here on, now; 0 where only reading would tell.</summary>
    long CountFrom(ShardPosition position);
}

/// <summary>What a read found.</summary>
/// <param name="Records">The records; they stay readable as long as somebody holds them.</param>
/// <param name="IsEnd">True when the shard is closed and nothing follows these records.</param>
public readonly record struct ShardReadResult(ReadOnlySequence<StreamRecord> Records, bool IsEnd);
