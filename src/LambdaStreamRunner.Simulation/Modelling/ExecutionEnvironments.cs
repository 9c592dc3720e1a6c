namespace LambdaStreamRunner.Simulation.Modelling;

/// <summary>The execution environments of a modelled function: the one that was used last is used first, and one that nobody used for a while is gone.</summary>
internal sealed class ExecutionEnvironments(HandlerModel handler, long seed)
{
    /// <summary>How long an idle environment is kept. AWS publishes no time; five to seven minutes are seen.</summary>
    public static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(5);

    private readonly Stack<DateTimeOffset> _idleSince = new();    // the longest idle ones at the bottom
    private readonly Draws _draws = new(seed, purpose: 4);

    /// <summary>How many had to be made.</summary>
    public long Made { get; private set; }

    /// <summary>Takes a warm one, or makes one: returns the time of its cold start.</summary>
    public TimeSpan Take(DateTimeOffset now)
    {
        if (_idleSince.TryPop(out DateTimeOffset since) && now - since <= IdleMax)
            return TimeSpan.Zero;
        _idleSince.Clear();                                   // those below have been idle for longer
        Made++;
        if (handler.ColdStarts.IsEmpty)
            return TimeSpan.Zero;
        return handler.ColdStarts[(int)(_draws.Uniform((ulong)Made) * handler.ColdStarts.Length)];
    }

    /// <summary>One is free again.</summary>
    public void GiveBack(DateTimeOffset now) => _idleSince.Push(now);
}
