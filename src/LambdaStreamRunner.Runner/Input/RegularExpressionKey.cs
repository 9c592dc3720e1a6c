using System.Text;
using System.Text.RegularExpressions;

namespace LambdaStreamRunner.Runner.Input;

/// <summary>The first group of a regular expression, or its whole match when it has no group.</summary>
internal sealed class RegularExpressionKey : PartitionKeyExpression
{
    /// <summary>Longest time for one line: generous for any honest pattern, and an end for the others.</summary>
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    private readonly Regex _regex;
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
            return new RegularExpressionKey(written, Compile(pattern));
        }
        catch (ArgumentException invalid)
        {
            mistake = $"the regular expression cannot be read: {invalid.Message}";
            return null;
        }
    }

    private protected override PartitionKey Find(ReadOnlySpan<byte> line)
    {
        try
        {
            return _firstGroup is int group ? GroupOf(Encoding.UTF8.GetString(line), group) : WholeMatch(Characters(line));
        }
        catch (RegexMatchTimeoutException)
        {
            return PartitionKey.None($"kept {this} busy for more than {MatchTimeout.TotalSeconds} s");
        }
    }

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

    /// <summary>Linear time where the pattern allows it; look-arounds and back references need the other engine.</summary>
    private static Regex Compile(string pattern)
    {
        const RegexOptions Always = RegexOptions.CultureInvariant;
        try
        {
            return new Regex(pattern, Always | RegexOptions.NonBacktracking, MatchTimeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, Always | RegexOptions.Compiled, MatchTimeout);
        }
    }
}
