using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Runner.Telemetry;

namespace LambdaStreamRunner.Runner.Invoking;

/// <summary>Measures each execution.</summary>
/// <param name="inner">Runs the batches.</param>
/// <param name="metrics">The function's.</param>
/// <param name="clock">The run clock: records have their arrival times from it. Durations are in real time, as the Timeout is.</param>
public sealed class MeteredInvoker(IFunctionInvoker inner, FunctionMetrics metrics, TimeProvider clock) : IFunctionInvoker
{
    /// <inheritdoc/>
    public async Task<BatchOutcome> InvokeAsync(Batch batch, CancellationToken abandon)
    {
        TimeSpan? age = batch.Records.IsEmpty ? null : clock.GetUtcNow() - batch.Records.Span[^1].Arrival;
        long start = TimeProvider.System.GetTimestamp();
        metrics.Began();
        try
        {
            BatchOutcome outcome = await inner.InvokeAsync(batch, abandon);
            if (outcome is BatchOutcome.Throttled)
                return outcome;                               // it was no execution
            if (age is { } iteratorAge)
                metrics.Handed(iteratorAge);
            metrics.Executed(TimeProvider.System.GetElapsedTime(start), outcome is BatchOutcome.Failed);
            return outcome;
        }
        finally
        {
            metrics.Left();
        }
    }
}
