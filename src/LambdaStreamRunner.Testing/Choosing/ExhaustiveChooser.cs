namespace LambdaStreamRunner.Testing.Choosing;

/// <summary>One path through the tree of all choices; the next one follows from it, until there is none.</summary>
/// <remarks>Of a measure it tries the ends only. A tree is walked in depth, the last choice first.</remarks>
internal sealed class ExhaustiveChooser : Chooser
{
    private readonly List<(int Value, int Count)> _path;
    private int _place;

    public ExhaustiveChooser()
        : this([])
    {
    }

    private ExhaustiveChooser(List<(int Value, int Count)> path) => _path = path;

    /// <summary>The next path; null when all were walked.</summary>
    public ExhaustiveChooser? Next()
    {
        var path = new List<(int Value, int Count)>(_path[..Math.Min(_place, _path.Count)]);
        while (path.Count > 0 && path[^1].Value + 1 >= path[^1].Count)
            path.RemoveAt(path.Count - 1);
        if (path.Count == 0)
            return null;
        path[^1] = (path[^1].Value + 1, path[^1].Count);
        return new ExhaustiveChooser(path);
    }

    protected override int PickOne(in Choice choice, int count) => Walk(count);

    protected override int PickMeasure(in Choice choice, long actor, int max) => Walk(2) * max;

    protected override bool PickFault(in Choice choice, double rate) => Walk(2) == 1;

    private int Walk(int count)
    {
        if (_place == _path.Count)
            _path.Add((0, count));
        return Math.Min(_path[_place++].Value, count - 1);
    }
}
