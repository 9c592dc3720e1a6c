namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>Knows whose code a thread runs, and since when.</summary>
internal sealed class BlockedCode
{
    private volatile object? _code;
    private long _since;

    /// <summary>That of this thread; null on threads that have none.</summary>
    [field: ThreadStatic]
    public static BlockedCode? OfThread { get; set; }

    /// <summary>Code of a user begins.</summary>
    /// <param name="code">Whose: its text is the beginning of a message.</param>
    public void Enter(object code)
    {
        Volatile.Write(ref _since, TimeProvider.System.GetTimestamp());
        _code = code;
    }

    /// <summary>It has returned.</summary>
    public void Leave() => _code = null;

    /// <summary>What is wrong when the code has run for longer; null when it has not.</summary>
    public string? LongerThan(TimeSpan budget)
    {
        if (_code is not { } code || TimeProvider.System.GetElapsedTime(Volatile.Read(ref _since)) <= budget || code != _code)
            return null;
        return $"{code} has blocked its thread for {budget.TotalSeconds:0.#} s of real time. Virtual time stands still meanwhile, so that what waits for it "
            + "(Task.Delay(...).Wait(), .Result) never ends. Await instead of blocking (a constructor leaves such work to the handler), or allow more real time with .RealTimeBudget(...).";
    }
}
