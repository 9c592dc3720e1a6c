using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings;

/// <summary>The rules of one mapping for one shard: same inputs, same decisions, always.</summary>
public sealed class ShardMachine
{
    /// <summary>A machine that has done nothing yet; its first <see cref="Step"/> (any event, TimerDue by custom) begins reading.</summary>
    public ShardMachine(EventSourceMapping mapping, ShardContext shard) => (Mapping, Shard) = (mapping, shard);

    /// <summary>The settings.</summary>
    public EventSourceMapping Mapping { get; }

    /// <summary>The shard.</summary>
    public ShardContext Shard { get; }

    /// <summary>Takes one event and adds what shall be done to <paramref name="decisions"/>, in the order in which to do it.</summary>
    /// <param name="now">The time of the event; never earlier than at the step before.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="decisions">Receives the decisions; the driver empties and reuses it.</param>
    public void Step(DateTimeOffset now, ShardEvent happened, List<ShardDecision> decisions)
    {
        throw new InvalidOperationException($"{Mapping.FunctionName}: {now} {happened} {decisions} is not decided yet.");
    }
}

/// <summary>What a machine must know of its shard.</summary>
public sealed record ShardContext
{
    /// <summary>The shard's id, such as shardId-000000000000.</summary>
    public string ShardId { get; init; } = "shardId-000000000000";

    /// <summary>The shard's part of the hash space; lanes divide it.</summary>
    public HashKeyRange HashKeyRange { get; init; } = HashKeyRange.Full;

    /// <summary>Where to begin: the checkpoint, or the starting position (LATEST already bound to a number).</summary>
    public ShardCheckpoint From { get; init; } = new(ShardPosition.TrimHorizon);

    /// <summary>Bytes that every record of this shard takes in the event besides its own values.</summary>
    public int FixedRecordLength { get; init; }

    /// <summary>How long the stream keeps records; older ones are dropped in silence.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Seed of the request ids, so that a run can be repeated exactly.</summary>
    public long Seed { get; init; }
}
