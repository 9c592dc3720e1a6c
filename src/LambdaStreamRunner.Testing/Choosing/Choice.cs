using System.Globalization;

namespace LambdaStreamRunner.Testing.Choosing;

/// <summary>One decision of a schedule, known by what it is about: it stays the same when others are taken away.</summary>
/// <param name="Kind">What is decided.</param>
/// <param name="Subject">Of what: the number of a record among those given, a shard, an ordinal.</param>
/// <param name="Occasion">The how-many-eth time.</param>
internal readonly record struct Choice(ChoiceKind Kind, long Subject, long Occasion)
{
    /// <summary>As it stands in a replay.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}/{Subject}/{Occasion}");

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static Choice Parse(string text)
    {
        string[] parts = text.Split('/');
        return parts.Length == 3 && parts[0].All(char.IsAsciiLetter) && Enum.TryParse(parts[0], out ChoiceKind kind)
            && long.TryParse(parts[1], CultureInfo.InvariantCulture, out long subject) && long.TryParse(parts[2], CultureInfo.InvariantCulture, out long occasion)
            ? new Choice(kind, subject, occasion)
            : throw new FormatException($"'{text}' is no choice of a schedule.");
    }
}
