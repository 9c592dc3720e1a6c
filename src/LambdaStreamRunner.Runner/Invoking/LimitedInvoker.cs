using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Runner.Telemetry;

namespace LambdaStreamRunner.Runner.Invoking;

/// <summary>Invokes as long as the function has executions left; otherwise the batch is throttled, and spends no attempt.</summary>
/// <param name="inner">Runs the batches.</param>
/// <param name="concurrency">Executions of all functions.</param>
/// <param name="function">Name of the function.</param>
/// <param name="mapping">Name of the mapping: those of one function share its executions evenly.</param>
/// <param name="metrics">The function's.</param>
/// <param name="clock">The run clock.</param>
public sealed class LimitedInvoker(
    IFunctionInvoker inner, FunctionConcurrency concurrency, string function, string mapping, FunctionMetrics metrics, TimeProvider clock) : IFunctionInvoker
{
    /// <inheritdoc/>
    public async Task<BatchOutcome> InvokeAsync(Batch batch, CancellationToken abandon)
    {
        if (!concurrency.TryEnter(function, mapping, clock.GetUtcNow(), batch.RequestId))
        {
            metrics.Throttled();
            ConcurrencyPool pool = concurrency.PoolOf(function);
            return new BatchOutcome.Throttled($"{pool.Reason}: all {pool.Limit} executions of '{function}' are taken");
        }
        try
        {
            return await inner.InvokeAsync(batch, abandon);
        }
        finally
        {
            concurrency.Leave(function, mapping);
        }
    }
}
