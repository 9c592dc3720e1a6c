namespace LambdaStreamRunner.Testing.Choosing;

/// <summary>One path through the tree of all choices: plain, save at the places where it departs.</summary>
/// <remarks>Of a measure it tries 1, the middle and the most.</remarks>
internal sealed class ExhaustiveChooser(IReadOnlyList<Departure> departures) : Chooser
{
    private readonly Lock _gate = new();                      // a handler's threads choose as well
    private readonly List<ChoicePlace> _places = [];
    private int _next;

    /// <summary>The choices of this path, in order.</summary>
    public IReadOnlyList<ChoicePlace> Places => _places;

    protected override int PickOne(in Choice choice, int count) => Walk(choice, count);

    protected override int PickMeasure(in Choice choice, long actor, int max)
    {
        int[] values = [.. new[] { 0, 1, max / 2, max }.Distinct()];
        return values[Walk(choice, values.Length)];
    }

    protected override bool PickFault(in Choice choice, double rate) => Walk(choice, 2) == 1;

    private int Walk(in Choice choice, int count)
    {
        lock (_gate)
        {
            int place = _places.Count;
            _places.Add(new ChoicePlace(choice.Kind is ChoiceKind.Tie or ChoiceKind.EffectRace, count));
            if (_next == departures.Count || departures[_next].Place != place)
                return 0;
            return Math.Min(departures[_next++].Value, count - 1);
        }
    }
}

/// <summary>A choice that is not plain.</summary>
/// <param name="Place">The how-many-eth choice of the path, from 0.</param>
/// <param name="Value">Which of its values, from 1.</param>
internal readonly record struct Departure(int Place, int Value);

/// <summary>A choice of a path.</summary>
/// <param name="IsOrder">True for the order of things that are due at the same time.</param>
/// <param name="Count">How many values it has.</param>
internal readonly record struct ChoicePlace(bool IsOrder, int Count);
