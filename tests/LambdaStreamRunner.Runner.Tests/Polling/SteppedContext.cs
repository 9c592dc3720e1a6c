using System.Collections.Concurrent;

namespace LambdaStreamRunner.Runner.Tests.Polling;

/// <summary>Runs what a pump and its ports await, one piece after the other, on the thread of the test: afterwards no work is in progress.</summary>
internal sealed class SteppedContext : SynchronizationContext
{
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _work = new();

    public override void Post(SendOrPostCallback d, object? state) => _work.Enqueue((d, state));

    /// <summary>Does something and everything that follows from it.</summary>
    public void Do(Action what)
    {
        SynchronizationContext? outer = Current;
        SetSynchronizationContext(this);
        try
        {
            what();
            while (_work.TryDequeue(out var work))
                work.Callback(work.State);
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }
}
