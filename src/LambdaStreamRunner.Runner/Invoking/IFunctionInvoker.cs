using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;

namespace LambdaStreamRunner.Runner.Invoking;

/// <summary>Runs the batches of one shard in one function.</summary>
public interface IFunctionInvoker
{
    /// <summary>Runs one batch and judges the answer. A failing or late function is an outcome, not an exception.</summary>
    /// <param name="batch">The batch; not used after the task has ended.</param>
    /// <param name="abandon">Fires when the drain time is over, not when polling stops.</param>
    Task<BatchOutcome> InvokeAsync(Batch batch, CancellationToken abandon);
}
