using System.Text.RegularExpressions;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>What the parser of command lines says, in words for people: it names types of .NET.</summary>
internal static partial class ParseErrorText
{
    /// <summary>The sentence for an error's message; the message itself when it names no type.</summary>
    public static string Of(string message)
    {
        if (WrongType().Match(message) is not { Success: true } wrong)
            return message;
        string type = wrong.Groups["type"].Value;
        string taken = type.Contains("Boolean", StringComparison.Ordinal) ? "true or false"
            : type.Contains("Int", StringComparison.Ordinal) ? "a whole number such as 10"
            : "a number such as 10 or 0.5";
        return $"{wrong.Groups["option"].Value} is '{Terminal.VisibleText.Of(wrong.Groups["text"].Value)}'; it takes {taken}.";
    }

    [GeneratedRegex(@"^Cannot parse argument '(?<text>.*)' for option '(?<option>[^']+)' as expected type '(?<type>System\.[^']+)'", RegexOptions.Singleline)]
    private static partial Regex WrongType();
}
