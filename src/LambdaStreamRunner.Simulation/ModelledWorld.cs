using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings.Ordering;

namespace LambdaStreamRunner.Simulation;

/// <summary>A world whose function is a model, and whose store and destination answer as the options say.</summary>
/// <param name="function">What the function does with a batch.</param>
/// <param name="options">Delays, and whether the destination works.</param>
public sealed class ModelledWorld(FunctionModel function, SimulationOptions options) : SimulatedWorld
{
    /// <inheritdoc/>
    public override void Invoke(SimulatedInvocation invocation)
    {
        FunctionAnswer answer = function(invocation.Batch, invocation.Now);
        invocation.FinishAfter(answer.Duration, answer.Outcome);
    }

    /// <inheritdoc/>
    public override TimeSpan CheckpointDelay(SimulatedShard shard, ShardCheckpoint checkpoint) => options.CheckpointDelay;

    /// <inheritdoc/>
    public override TimeSpan DestinationDelay(DiscardedBatch batch) => options.DestinationDelay;

    /// <inheritdoc/>
    public override string? RefusalOf(DiscardedBatch batch) => options.DestinationWorks ? null : "The destination refuses.";
}
