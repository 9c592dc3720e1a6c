using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using LambdaStreamRunner.Core.Mappings.Filtering.Patterns;

namespace LambdaStreamRunner.Core.Mappings.Filtering;

/// <summary>One filter: a JSON pattern, taken apart once, with the text it came from.</summary>
/// <remarks>Two patterns are equal when their texts are.</remarks>
public sealed class FilterPattern : IEquatable<FilterPattern>
{
    /// <summary>Longest text of a pattern, in characters.</summary>
    public const int LengthMax = 4_096;

    /// <summary>AWS's own words for a text that is no filter pattern.</summary>
    public const string InvalidDefinition = "Invalid filter pattern definition.";

    private FilterPattern(string text, ObjectPattern root)
    {
        Text = text;
        Root = root;
        Remarks = PatternRemarks.About(root);
    }

    /// <summary>The pattern, character for character as it was given.</summary>
    public string Text { get; }

    /// <summary>What is odd about a pattern that AWS takes; each is the rest of a sentence about it, as "can never match: ...".</summary>
    public ImmutableArray<string> Remarks { get; }

    /// <summary>What it asks of a record.</summary>
    internal ObjectPattern Root { get; }

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">JSON: <c>{"data":{"field":["value"]}}</c>.</param>
    /// <param name="pattern">The pattern, when it is one.</param>
    /// <param name="reason">Otherwise what is wrong and where, for people: the rest of a sentence about the pattern.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out FilterPattern? pattern, [NotNullWhen(false)] out string? reason)
    {
        (pattern, reason) = (null, null);
        try
        {
            pattern = new FilterPattern(text, PatternReader.Read(text));
            return true;
        }
        catch (InvalidPatternException mistake)
        {
            reason = mistake.Message;
            return false;
        }
    }

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static FilterPattern Parse(string text) =>
        TryParse(text, out FilterPattern? pattern, out string? reason) ? pattern : throw new FormatException($"{InvalidDefinition} It {reason}");

    /// <inheritdoc/>
    public bool Equals(FilterPattern? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FilterPattern);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The text.</summary>
    public override string ToString() => Text;
}
