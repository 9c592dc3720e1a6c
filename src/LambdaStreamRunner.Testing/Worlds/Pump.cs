using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>The one thread of a world: runs what handlers go on with, in the order in which it came.</summary>
/// <remarks>
/// What other threads post is kept until they rest, and then sorted by invocation: which of two threads was faster is chance,
/// and a schedule must not depend on it.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Only its wait handle, which nobody asks for, would have to be given back.")]
internal sealed class Pump
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _posted = new();
    private readonly List<(InvocationScope? Scope, Action Work)> _fromElsewhere = [];
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
    /// <param name="work">The work.</param>
    /// <param name="scope">The invocation that it belongs to; null for none.</param>
    public void Post(Action work, InvocationScope? scope)
    {
        if (!IsHere)
        {
            PostInTurn(work, scope);
            return;
        }
        lock (_gate)
        {
            _posted.Enqueue(work);
            CountPosted();
        }
    }

    /// <summary>Adds work of an invocation after all that its threads have added before, whichever of them this is.</summary>
    public void PostInTurn(Action work, InvocationScope? scope)
    {
        lock (_gate)
        {
            _fromElsewhere.Add((scope, work));
            CountPosted();
        }
        _signal.Release();
    }

    /// <summary>Lets what other threads have posted be run; false when there was nothing.</summary>
    public bool TakeFromElsewhere()
    {
        if (IsEmpty)
            return false;
        lock (_gate)
        {
            foreach ((_, Action work) in _fromElsewhere.OrderBy(posted => posted.Scope?.Subject).ThenBy(posted => posted.Scope?.Occasion))
                _posted.Enqueue(work);
            bool any = _fromElsewhere.Count > 0;
            _fromElsewhere.Clear();
            return any;
        }
    }

    /// <summary>Something else has changed, such as a thread that has ended.</summary>
    public void Signal() => _signal.Release();

    /// <summary>Runs what was posted here, and what that posts; false when there was nothing.</summary>
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
            CountPosted();
            return any;
        }
    }

    private void CountPosted() => Volatile.Write(ref _count, _posted.Count + _fromElsewhere.Count);
}
