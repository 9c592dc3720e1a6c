namespace LambdaStreamRunner.Testing.Choosing;

/// <summary>Walks the tree of all choices, the plainest paths first: those that depart from the plain one nowhere, in one place, in two...</summary>
/// <remarks>
/// A path follows from the one that lacks its last departure, so that each is walked once. The order of things that are due at
/// the same time counts as two departures: most of these change nothing, and one fault at every place comes before them.
/// </remarks>
internal sealed class ChoiceTree
{
    /// <summary>True when every path was walked.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Walks until it is told to stop, or there are no more paths.</summary>
    /// <param name="run">Runs a path, and says what came of it: a number that is the same for the same history; null to stop.</param>
    public void Walk(Func<ExhaustiveChooser, ulong?> run)
    {
        List<Node> before = [];
        List<Node> last = [];
        if (!TryRun([], run, parent: null, isOrder: false, last))
            return;
        while (before.Count + last.Count > 0)                 // of the two costs from which the next one follows
        {
            List<Node> level = [];
            foreach ((Node parent, Departure departure, bool isOrder) in Following(last, isOrder: false).Concat(Following(before, isOrder: true)))
            {
                if (!TryRun([.. parent.Path, departure], run, parent, isOrder, level))
                    return;
            }
            (before, last) = (last, level);
        }
        IsComplete = true;
    }

    private static IEnumerable<(Node Parent, Departure Departure, bool IsOrder)> Following(List<Node> nodes, bool isOrder) =>
        from node in nodes
        from place in Enumerable.Range(node.First, node.Places.Count)
        let choice = node.Places[place - node.First]
        where choice.IsOrder == isOrder
        from value in Enumerable.Range(1, choice.Count - 1)
        select (node, new Departure(place, value), isOrder);

    // Nothing is tried on top of an order that changes nothing.
    private static bool TryRun(Departure[] path, Func<ExhaustiveChooser, ulong?> run, Node? parent, bool isOrder, List<Node> level)
    {
        var chooser = new ExhaustiveChooser(path);
        if (run(chooser) is not { } history)
            return false;
        int first = path.Length > 0 ? path[^1].Place + 1 : 0;
        if (!isOrder || history != parent!.History)
            level.Add(new Node(path, first, [.. chooser.Places.Skip(first)], history));
        return true;
    }

    /// <summary>A path that was walked.</summary>
    /// <param name="Path">Where it departs.</param>
    /// <param name="First">The first place after its last departure.</param>
    /// <param name="Places">The choices from there on.</param>
    /// <param name="History">What came of it.</param>
    private sealed record Node(Departure[] Path, int First, IReadOnlyList<ChoicePlace> Places, ulong History);
}
