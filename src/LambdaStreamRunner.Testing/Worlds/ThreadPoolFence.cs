using System.Diagnostics.CodeAnalysis;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>Tells whether code that ran may have left work to the thread pool, and waits until that has begun.</summary>
/// <remarks>The pool serves other tests as well: a wrong alarm costs some microseconds, no more.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "Only its wait handle, which nobody asks for, would have to be given back.")]
internal sealed class ThreadPoolFence : IThreadPoolWorkItem
{
    /// <summary>A thread of the pool keeps what its own work queues, out of the order of all others: that is waited for as well, unless others queue all the time.</summary>
    private const int PassesMax = 20;

    /// <summary>Other tests may keep the pool busy all the time.</summary>
    private static readonly TimeSpan IdlePatience = TimeSpan.FromMilliseconds(10);

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
        WaitUntilIdle();
        Begin();
    }

    // Work that a thread has taken and not begun is counted nowhere; that no thread has any is certain only when none works.
    private static void WaitUntilIdle()
    {
        long started = TimeProvider.System.GetTimestamp();
        var spin = new SpinWait();
        while (AnyThreadWorks() && TimeProvider.System.GetElapsedTime(started) < IdlePatience)
            spin.SpinOnce(sleep1Threshold: -1);
    }

    private static bool AnyThreadWorks()
    {
        ThreadPool.GetMaxThreads(out int most, out _);
        ThreadPool.GetAvailableThreads(out int available, out _);
        return available < most || ThreadPool.PendingWorkItemCount > 0;
    }

    void IThreadPoolWorkItem.Execute() => _passed.Set();
}
