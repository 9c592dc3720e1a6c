using System.Diagnostics.CodeAnalysis;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>Tells whether code that ran may have left work to the thread pool, and waits until that has begun.</summary>
/// <remarks>The pool serves other tests as well: a wrong alarm costs some microseconds, no more.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "Only its wait handle, which nobody asks for, would have to be given back.")]
internal sealed class ThreadPoolFence : IThreadPoolWorkItem
{
    /// <summary>A thread of the pool keeps what its own work queues, out of the order of all others: that is waited for as well, unless others queue all the time.</summary>
    private const int PassesMax = 20;

    private readonly ManualResetEventSlim _passed = new();
    private long _completed;

    /// <summary>From now on work counts.</summary>
    public void Begin() => _completed = ThreadPool.CompletedWorkItemCount;

    /// <summary>True when work was left to the pool, or may have been.</summary>
    public bool MayHaveWork => ThreadPool.PendingWorkItemCount > 0 || ThreadPool.CompletedWorkItemCount != _completed;

    /// <summary>Waits until what was queued before has begun.</summary>
    public void Pass(TimeSpan atMost)
    {
        int passes = 0;
        do
        {
            _passed.Reset();
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            _passed.Wait(atMost);
        }
        while (ThreadPool.PendingWorkItemCount > 0 && ++passes < PassesMax);
        Begin();
    }

    void IThreadPoolWorkItem.Execute() => _passed.Set();
}
