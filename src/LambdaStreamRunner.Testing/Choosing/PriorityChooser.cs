namespace LambdaStreamRunner.Testing.Choosing;

/// <summary>Every actor has a priority, and with it a speed; at a few moments the actor of that moment becomes the slowest.</summary>
/// <remarks>
/// Probabilistic concurrency testing (Burckhardt and others, ASPLOS 2010): a fault that needs d things in an order is found
/// with a probability of at least 1 / (n × k^(d − 1)), for n actors and k moments; here both are small.
/// </remarks>
internal sealed class PriorityChooser : Chooser
{
    private readonly ulong _seed;
    private readonly HashSet<int> _changes = [];
    private readonly Dictionary<long, int> _lowered = [];
    private int _moments;

    /// <param name="seed">Decides.</param>
    /// <param name="depth">d: the number of things that must be in order, at least 1.</param>
    /// <param name="moments">k: about as many decisions will be asked for.</param>
    public PriorityChooser(ulong seed, int depth, int moments)
    {
        _seed = seed;
        for (int change = 1; change < depth; change++)
            _changes.Add(Mixing.Below(Mixing.Mix(seed + (ulong)change), Math.Max(1, moments)));
    }

    protected override int PickOne(in Choice choice, int count) => Mixing.Below(Mixing.Of(_seed, choice), count);

    protected override int PickMeasure(in Choice choice, long actor, int max)
    {
        if (_changes.Contains(_moments++))
            _lowered[actor] = _lowered.Count + 1;
        if (_lowered.ContainsKey(actor))
            return max;
        double priority = Mixing.Fraction(Mixing.Mix(_seed ^ Mixing.Mix((ulong)actor)));
        return (int)(priority * priority * max / 2);
    }

    protected override bool PickFault(in Choice choice, double rate) => Mixing.Fraction(Mixing.Of(_seed, choice)) < rate;
}
