namespace LambdaStreamRunner.Testing.Choosing;

/// <summary>Decides everything that a schedule leaves open, and remembers it. 0 is the plain choice: the first, the earliest, no fault.</summary>
/// <remarks>Every decision that is not 0 is logged: the log is the schedule, and replays it.</remarks>
internal abstract class Chooser
{
    private readonly Dictionary<Choice, int> _taken = [];
    private readonly Lock _gate = new();                      // a handler's threads choose as well

    /// <summary>The decisions that were not 0.</summary>
    public IReadOnlyDictionary<Choice, int> Taken => _taken;

    /// <summary>Decisions asked for so far.</summary>
    public int Asked { get; private set; }

    /// <summary>One of several: 0 to <paramref name="count"/> − 1.</summary>
    public int Choose(in Choice choice, int count)
    {
        Asked++;
        return count <= 1 ? 0 : Log(choice, PickOne(choice, count));
    }

    /// <summary>A number from 0 to <paramref name="max"/>: a delay, a distance.</summary>
    /// <param name="choice">What it is for.</param>
    /// <param name="actor">Whose: the same lane, the same environment.</param>
    /// <param name="max">The most that it can be.</param>
    public int Measure(in Choice choice, long actor, int max)
    {
        Asked++;
        return max <= 0 ? 0 : Log(choice, PickMeasure(choice, actor, max));
    }

    /// <summary>Whether a fault strikes.</summary>
    /// <param name="choice">Which.</param>
    /// <param name="rate">How often: 0 to 1.</param>
    public bool Strikes(in Choice choice, double rate)
    {
        if (rate <= 0)
            return false;
        Asked++;
        return Log(choice, PickFault(choice, rate) ? 1 : 0) != 0;
    }

    protected abstract int PickOne(in Choice choice, int count);

    protected abstract int PickMeasure(in Choice choice, long actor, int max);

    protected abstract bool PickFault(in Choice choice, double rate);

    private int Log(in Choice choice, int value)
    {
        if (value == 0)
            return 0;
        lock (_gate)
            _taken[choice] = value;
        return value;
    }
}
