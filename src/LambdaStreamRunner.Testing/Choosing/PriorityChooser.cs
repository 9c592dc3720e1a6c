namespace LambdaStreamRunner.Testing.Choosing;

/// <summary>Every actor has a priority, and with it a speed and a place among what is due at the same time; at a few moments the actor of that moment becomes the last.</summary>
/// <remarks>
/// After probabilistic concurrency testing (Burckhardt and others, ASPLOS 2010), where a fault that needs d things in an order is
/// found with a probability of at least 1 / (n × k^(d − 1)), for n actors and k moments. That bound holds for a scheduler which
/// decides before every step who goes on; here it only guides: an actor's priority shapes its times, the rest is at random.
/// </remarks>
internal sealed class PriorityChooser : Chooser
{
    private readonly ulong _seed;
    private readonly SortedSet<int> _changes = [];
    private readonly HashSet<(bool IsOrder, long Actor)> _lowered = [];

    /// <param name="seed">Decides.</param>
    /// <param name="depth">d: the number of things that must be in order, at least 1.</param>
    /// <param name="moments">k: about as many decisions will be asked for.</param>
    public PriorityChooser(ulong seed, int depth, int moments)
    {
        _seed = seed;
        for (int change = 1; change < depth; change++)
            _changes.Add(Mixing.Below(Mixing.Mix(seed + (ulong)change), Math.Max(1, moments)));
    }

    protected override int PickOne(in Choice choice, int count)
    {
        if (choice.Kind is not ChoiceKind.Tie)
            return Mixing.Below(Mixing.Of(_seed, choice), count);
        return IsLowered((true, choice.Subject)) ? count - 1 : (int)(PriorityOf(choice.Subject) * count);
    }

    protected override int PickMeasure(in Choice choice, long actor, int max)
    {
        if (IsLowered((false, actor)))
            return max;
        double priority = PriorityOf(actor);
        return (int)(priority * priority * max / 2);
    }

    protected override bool PickFault(in Choice choice, double rate) => Mixing.Fraction(Mixing.Of(_seed, choice)) < rate;

    private double PriorityOf(long actor) => Mixing.Fraction(Mixing.Mix(_seed ^ Mixing.Mix((ulong)actor)));

    // Not every decision has an actor: the next one that has is lowered.
    private bool IsLowered((bool IsOrder, long Actor) actor)
    {
        lock (_changes)
        {
            if (_changes.Count > 0 && Asked > _changes.Min)
            {
                _changes.Remove(_changes.Min);
                _lowered.Add(actor);
            }
            return _lowered.Contains(actor);
        }
    }
}
