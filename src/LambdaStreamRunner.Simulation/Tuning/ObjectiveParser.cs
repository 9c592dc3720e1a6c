using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using LambdaStreamRunner.Core.Measures;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>Reads objectives as people write them.</summary>
internal static partial class ObjectiveParser
{
    /// <summary>Most limits of one objective: more than there are figures would say one of them twice.</summary>
    private const int LimitsMax = 32;

    private const string Example = "such as \"iteratorAge.p99 < 2s and costPerMillion < $0.5\"";

    public static ServiceLevelObjective Parse(string text)
    {
        string[] parts = [.. Joint().Split(text).Select(part => part.Trim())];
        if (parts.Length > LimitsMax)
            throw new FormatException($"The objective has {parts.Length} limits; it takes at most {LimitsMax}.");
        if (parts.Contains(""))
            throw new FormatException($"The objective \"{text}\" has an empty limit; it takes limits joined by \"and\" or commas, {Example}.");
        ImmutableArray<ObjectiveLimit> limits = [.. parts.Select(LimitOf)];
        if (limits.GroupBy(limit => limit.Figure).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new FormatException($"{twice.Key.Name} has two limits; leave the one that is meant.");
        return new ServiceLevelObjective(limits);
    }

    private static ObjectiveLimit LimitOf(string text)
    {
        Match match = Limit().Match(text);
        if (!match.Success)
            throw new FormatException($"\"{text}\" is no limit; it takes a figure, < or <=, and a number with its unit, {Example}.");
        ObjectiveFigure figure = FigureOf(match.Groups["figure"].Value);
        string sign = match.Groups["sign"].Value;
        if (sign is not ("<" or "<=" or "≤"))
            throw new FormatException($"\"{text}\" compares with {sign}; an objective is an upper limit: use < or <=.");
        return new ObjectiveLimit(figure, sign == "<" ? ObjectiveComparison.Below : ObjectiveComparison.AtMost, ValueOf(match, figure, text));
    }

    private static ObjectiveFigure FigureOf(string name)
    {
        if (ObjectiveFigure.All.FirstOrDefault(figure => figure.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } known)
            return known;
        ObjectiveFigure nearest = ObjectiveFigure.All.MinBy(figure => NearestName.Slips(figure.Name, name))!;
        throw new FormatException($"'{name}' is no figure of an objective; the nearest is {nearest.Name}. There are: {string.Join(", ", ObjectiveFigure.All.Select(figure => figure.Name))}.");
    }

    private static double ValueOf(Match match, ObjectiveFigure figure, string text)
    {
        string number = match.Groups["number"].Value;
        string unit = match.Groups["unit"].Value;
        if (match.Groups["dollar"].Success && figure.Unit is not ObjectiveUnit.Dollars)
            throw new FormatException($"\"{text}\": {figure.Name} is no price; leave the $ away.");
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            throw new FormatException($"\"{text}\": {number} is no number.");
        if (figure.Unit is ObjectiveUnit.Time)
            return value * MillisecondsOf(unit, text, figure);
        if (unit.Length > 0)
            throw new FormatException($"\"{text}\": {figure.Name} takes {(figure.Unit is ObjectiveUnit.Dollars ? "US dollars, such as $0.5" : "a number without a unit")}, not '{unit}'.");
        return value;
    }

    private static double MillisecondsOf(string unit, string text, ObjectiveFigure figure) => unit.ToUpperInvariant() switch
    {
        "MS" => 1,
        "S" => 1_000,
        "M" or "MIN" => 60_000,
        "H" => 3_600_000,
        "" => throw new FormatException($"\"{text}\": {figure.Name} is a time and needs a unit: ms, s, m or h."),
        _ => throw new FormatException($"\"{text}\": '{unit}' is no unit of time; there are ms, s, m and h."),
    };

    [GeneratedRegex(@",|\band\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Joint();

    [GeneratedRegex(@"^(?<figure>[A-Za-z][A-Za-z0-9.]*)\s*(?<sign>[<>=!≤≥]{1,2})\s*(?<dollar>\$)?\s*(?<number>[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\s*(?<unit>[A-Za-z%]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Limit();
}
