using System.Diagnostics.CodeAnalysis;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>Who has it may run a handler's code: the pump, or one thread of the pool while the pump rests.</summary>
/// <remarks>
/// So code on several threads takes turns, and what they share is not a matter of speed. A handler that blocks one thread until
/// another has run would wait for ever: therefore a thread that has waited for a moment runs without it.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Only its wait handle, which nobody asks for, would have to be given back.")]
internal sealed class Baton
{
    private static readonly TimeSpan ThreadPatience = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan PumpPatience = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _free = new(0, 1);         // the pump has it at first
    private bool _isWithPump = true;

    /// <summary>True while the pump rests.</summary>
    public bool IsLent => !Volatile.Read(ref _isWithPump);

    /// <summary>A thread of the pool begins to run code; false when it does so without.</summary>
    public bool TryTake() => _free.Wait(ThreadPatience);

    /// <summary>A thread of the pool that had it has ended.</summary>
    public void Return() => _free.Release();

    /// <summary>The pump rests.</summary>
    public void PumpRests()
    {
        if (!_isWithPump)
            return;
        Volatile.Write(ref _isWithPump, false);
        _free.Release();
    }

    /// <summary>The pump goes on, in time when the threads have ended, and in any case after a moment.</summary>
    public void PumpGoesOn() => Volatile.Write(ref _isWithPump, _isWithPump || _free.Wait(PumpPatience));
}
