namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>Knows whose code a thread runs, and since when.</summary>
internal sealed class BlockedCode
{
    private volatile InvocationScope? _scope;
    private long _since;

    /// <summary>That of this thread; null on threads that have none.</summary>
    [field: ThreadStatic]
    public static BlockedCode? OfThread { get; set; }

    /// <summary>Code of an invocation begins.</summary>
    public void Enter(InvocationScope scope)
    {
        Volatile.Write(ref _since, TimeProvider.System.GetTimestamp());
        _scope = scope;
    }

    /// <summary>It has returned.</summary>
    public void Leave() => _scope = null;

    /// <summary>What is wrong when the code has run for longer; null when it has not.</summary>
    public string? LongerThan(TimeSpan budget)
    {
        if (_scope is not { } scope || TimeProvider.System.GetElapsedTime(Volatile.Read(ref _since)) <= budget || scope != _scope)
            return null;
        return $"{scope} has blocked its thread for {budget.TotalSeconds:0.#} s of real time. Virtual time stands still meanwhile, so that what waits for it "
            + "(Task.Delay(...).Wait(), .Result) never ends. Await instead of blocking, or allow more real time with .RealTimeBudget(...).";
    }
}
