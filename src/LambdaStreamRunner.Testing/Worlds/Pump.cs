using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>The one thread of a world: runs what handlers go on with, in the order in which it came.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Only its wait handle, which nobody asks for, would have to be given back.")]
internal sealed class Pump
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _posted = new();
    private readonly SemaphoreSlim _signal = new(0);
    private int _count;
    private Thread _thread = Thread.CurrentThread;

    /// <summary>True on the world's own thread.</summary>
    public bool IsHere => Thread.CurrentThread == _thread;

    /// <summary>From now on this thread is the world's own.</summary>
    public void MoveHere() => _thread = Thread.CurrentThread;

    /// <summary>True when nothing was posted.</summary>
    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>Adds work, from any thread.</summary>
    public void Post(Action work)
    {
        lock (_gate)
        {
            _posted.Enqueue(work);
            Volatile.Write(ref _count, _posted.Count);
        }
        if (!IsHere)
            _signal.Release();
    }

    /// <summary>Something else has changed, such as a thread that has ended.</summary>
    public void Signal() => _signal.Release();

    /// <summary>Runs what was posted, and what that posts; false when there was nothing.</summary>
    public bool RunPosted()
    {
        bool any = false;
        while (TryTake(out Action? work))
        {
            any = true;
            work!();
        }
        return any;
    }

    /// <summary>Waits in real time until something was posted or signalled; false when nothing was.</summary>
    public bool Wait(TimeSpan atMost)
    {
        Debug.Assert(IsHere, "Only the world's own thread waits.");
        bool signalled = _signal.Wait(atMost);
        while (_signal.Wait(0))
        {
        }
        return signalled;
    }

    private bool TryTake(out Action? work)
    {
        work = null;
        if (IsEmpty)
            return false;
        lock (_gate)
        {
            bool any = _posted.TryDequeue(out work);
            Volatile.Write(ref _count, _posted.Count);
            return any;
        }
    }
}
