using System.Text;
using System.Text.RegularExpressions;

namespace LambdaStreamRunner.Runner.Input;

/// <summary>The first group of a regular expression, or its whole match when it has no group.</summary>
internal sealed class RegularExpressionKey : PartitionKeyExpression
{
    /// <summary>Far above what an honest pattern takes for a line; past it the other engine has to show what it can.</summary>
    private static readonly TimeSpan FirstTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest time for one line.</summary>
    private static readonly TimeSpan LastTimeout = TimeSpan.FromSeconds(2);

    private Regex _regex;
    private readonly int? _firstGroup;
    private char[] _characters = [];

    private RegularExpressionKey(string written, Regex regex)
        : base(written)
    {
        _regex = regex;
        _firstGroup = regex.GetGroupNumbers() is [_, int first, ..] ? first : null;
    }

    public static RegularExpressionKey? TryParse(string written, out string? mistake)
    {
        mistake = null;
        string pattern = written[1..^1];
        if (pattern.Length == 0)
        {
            mistake = "the regular expression is empty. Write one between the slashes, as /^(\\S+)/.";
            return null;
        }
        try
        {
            return new RegularExpressionKey(written, new Regex(pattern, RegexOptions.CultureInvariant, FirstTimeout));
        }
        catch (ArgumentException invalid)
        {
            mistake = $"the regular expression cannot be read: {invalid.Message.TrimEnd('.')}. Write one as /^(\\S+)/.";
            return null;
        }
    }

    private protected override PartitionKey Find(ReadOnlySpan<byte> line)
    {
        try
        {
            return Match(line);
        }
        catch (RegexMatchTimeoutException) when (_regex.MatchTimeout == FirstTimeout)
        {
            _regex = Patient(_regex.ToString());              // from here on for all lines: the pattern is not a quick one
            return Find(line);
        }
        catch (RegexMatchTimeoutException)
        {
            return PartitionKey.None($"kept {this} busy for more than {LastTimeout.TotalSeconds} s");
        }
    }

    private PartitionKey Match(ReadOnlySpan<byte> line) =>
        _firstGroup is int group ? GroupOf(Encoding.UTF8.GetString(line), group) : WholeMatch(Characters(line));

    private PartitionKey GroupOf(string line, int number)
    {
        Match match = _regex.Match(line);
        if (!match.Success)
            return NoMatch();
        Group group = match.Groups[number];
        return group.Success ? PartitionKey.Of(group.Value) : PartitionKey.None($"matches {this} without its first group");
    }

    private PartitionKey WholeMatch(ReadOnlySpan<char> line)
    {
        foreach (ValueMatch match in _regex.EnumerateMatches(line))
            return PartitionKey.Of(line.Slice(match.Index, match.Length).ToString());
        return NoMatch();
    }

    private PartitionKey NoMatch() => PartitionKey.None($"does not match {this}");

    private ReadOnlySpan<char> Characters(ReadOnlySpan<byte> line)
    {
        if (_characters.Length < line.Length)                 // never more characters than bytes
            _characters = new char[Math.Max(line.Length, 1024)];
        return _characters.AsSpan(0, Encoding.UTF8.GetChars(line, _characters));
    }

    /// <summary>
    /// The same matches in linear time, where the pattern allows it: look-arounds and back references need the first
    /// engine, with more time. Not used from the start, since it takes a tenth of a second to load.
    /// </summary>
    private static Regex Patient(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, LastTimeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, LastTimeout);
        }
    }
}
