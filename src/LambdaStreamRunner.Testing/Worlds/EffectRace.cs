using LambdaStreamRunner.Testing.Choosing;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>Orders the effects that threads of one handler make at the same time, by choice and not by chance.</summary>
/// <remarks>
/// A thread beside the pump waits a moment, in real time, until the handler's own code rests; one of the threads that wait
/// then goes first. Without it a parallel loop over few records nearly always happens to keep their order.
/// </remarks>
internal sealed class EffectRace(TestWorld world)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(3);

    private readonly Lock _gate = new();
    private readonly List<Racer> _waiting = [];
    private int _races;

    /// <summary>True when threads have made effects: which of them take part is chance, so that a schedule may need more than one try to fail again.</summary>
    public bool HasRaced { get; private set; }

    /// <summary>True on the pump and outside of any parallel loop: nobody else makes effects now.</summary>
    public static bool IsAlone(TestWorld world) => world.Pump.IsHere && Task.CurrentId is null;

    /// <summary>Waits for the turn of this thread; dispose when the effect is made.</summary>
    public Turn Enter(InvocationScope scope)
    {
        if (IsAlone(world) || IsOnlyThread(scope))
            return default;
        HasRaced = true;
        var racer = new Racer();
        lock (_gate)
            _waiting.Add(racer);
        racer.Go.Wait(Patience);                              // others may come
        lock (_gate)
        {
            if (_waiting.Count > 1 && !racer.Go.IsSet)
                Reorder(scope);
        }
        while (!IsFirst(racer))
            racer.Go.Wait(Patience);
        return new Turn(this, racer);
    }

    // The handler's own code rests, and no other thread runs for it.
    private bool IsOnlyThread(InvocationScope scope)
    {
        lock (_gate)
            return world.Baton.IsLent && scope.Threads == 1 && _waiting.Count == 0;
    }

    // Who comes last in real time turns the order of all that wait, if the schedule says so.
    private void Reorder(InvocationScope scope)
    {
        int first = world.Chooser.Choose(new Choice(ChoiceKind.EffectRace, scope.Subject, ++_races), 2);
        if (first == 1)
            _waiting.Reverse();
        foreach (Racer racer in _waiting)
            racer.Go.Set();
    }

    private bool IsFirst(Racer racer)
    {
        lock (_gate)
        {
            racer.Go.Reset();
            return _waiting[0] == racer;
        }
    }

    private void Leave(Racer racer)
    {
        lock (_gate)
        {
            _waiting.Remove(racer);
            if (_waiting.Count > 0)
                _waiting[0].Go.Set();
        }
    }

    /// <summary>The turn of one thread.</summary>
    internal readonly struct Turn(EffectRace? race, Racer racer) : IDisposable
    {
        public void Dispose() => race?.Leave(racer);
    }

    internal sealed class Racer
    {
        public ManualResetEventSlim Go { get; } = new();
    }
}
