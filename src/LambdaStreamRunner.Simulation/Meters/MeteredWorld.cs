using System.Buffers;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation.Meters;

/// <summary>The world of a run that is measured: a modelled function, and a meter that counts along.</summary>
internal sealed class MeteredWorld(SimulationPlan plan, ModelledFunction function, RunMeter meter) : SimulatedWorld
{
    // One save under way at a time: the longer it takes, the fewer there are, and no run is begun again from one.
    private static readonly TimeSpan SaveTime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SendTime = TimeSpan.FromMilliseconds(50);

    private readonly Draws _phases = new(plan.Seed, purpose: 6);

    /// <summary>What drives it.</summary>
    public SimulationLoop Loop { get; set; } = null!;

    /// <inheritdoc/>
    /// <remarks>AWS does not poll all shards at the same moment; a runner of this machine begins with all of them.</remarks>
    public override TimeSpan BeginDelay(SimulatedShard shard) =>
        plan is { Timing: StreamTiming.Aws, Setting.Mapping.Polling: PollingMode.Aws } ? TimeSpan.FromSeconds(_phases.Uniform((ulong)shard.Index)) : TimeSpan.Zero;

    public override void Invoke(SimulatedInvocation invocation)
    {
        FunctionAnswer answer = function.Begin(invocation.Batch, invocation.Now);
        meter.Started(invocation, runs: answer.Outcome is not BatchOutcome.Throttled, Ticks);
        invocation.FinishAfter(answer.Duration, answer.Outcome);
    }

    public override void InvocationEnded(SimulatedInvocation invocation, BatchOutcome outcome)
    {
        if (outcome is not BatchOutcome.Throttled)
            function.End(outcome, invocation.Now);
        meter.Ended(invocation, outcome, Ticks);
    }

    public override void RecordsRead(SimulatedShard shard, ReadCursor cursor, ReadOnlySequence<StreamRecord> records) =>
        meter.Read(shard, cursor, records, Ticks);

    public override TimeSpan CheckpointDelay(SimulatedShard shard, ShardCheckpoint checkpoint)
    {
        if (checkpoint.Position.Type is ShardIteratorType.AtSequenceNumber or ShardIteratorType.AfterSequenceNumber)
        {
            meter.Forget(shard, checkpoint.Position.SequenceNumber);
            (shard as TrafficShard)?.Forget(checkpoint.Position.SequenceNumber);
        }
        return SaveTime;
    }

    public override TimeSpan DestinationDelay(DiscardedBatch batch) => SendTime;

    public override string? RefusalOf(DiscardedBatch batch)
    {
        meter.GaveUp(batch, Ticks);
        return null;
    }

    private long Ticks => (Loop.Now - ArrivalNumbers.Epoch).Ticks;
}
