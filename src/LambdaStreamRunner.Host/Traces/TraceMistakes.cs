using System.Globalization;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>What is wrong with the lines of a trace: the first few, then reading stops.</summary>
/// <param name="source">The file, for people.</param>
internal sealed class TraceMistakes(string source)
{
    /// <summary>Mistakes that are told before reading stops: what comes behind them is mostly the same one again.</summary>
    public const int Max = 10;

    private readonly List<string> _found = [];

    /// <summary>Notes one.</summary>
    /// <exception cref="TraceException">There are enough.</exception>
    public void Add(long line, string mistake)
    {
        _found.Add(string.Create(CultureInfo.InvariantCulture, $"{source}: line {line} {Terminal.VisibleText.Whole(mistake)}"));
        if (_found.Count < Max)
            return;
        _found.Add(string.Create(CultureInfo.InvariantCulture, $"{source}: reading stopped at the {Max}th bad line."));
        throw new TraceException(_found);
    }

    /// <summary>Throws when there was one.</summary>
    public void ThrowIfAny()
    {
        if (_found.Count > 0)
            throw new TraceException(_found);
    }
}
