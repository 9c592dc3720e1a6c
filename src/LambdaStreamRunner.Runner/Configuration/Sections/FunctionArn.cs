using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>The ways in which AWS lets a mapping name its function: bare, with the account, as full ARN, each with a qualifier or not.</summary>
/// <param name="Region">null when not written.</param>
/// <param name="AccountId">null when not written.</param>
/// <param name="Name">The bare name.</param>
/// <param name="Qualifier">Version or alias, null when not written.</param>
internal sealed partial record FunctionArn(string? Region, string? AccountId, string Name, string? Qualifier)
{
    /// <summary>The full ARN of a configured function.</summary>
    public static string Of(string name, string region, string accountId) => $"arn:aws:lambda:{region}:{accountId}:function:{name}";

    /// <summary>True for 1 to 64 letters, digits, hyphens and underscores.</summary>
    public static bool IsName(string text) => BareName().IsMatch(text);

    /// <summary>True for 1 to 128 letters, digits, hyphens and underscores that are no version's number.</summary>
    public static bool IsAlias(string text) => AliasName().IsMatch(text);

    public static bool TryParse(string text, [NotNullWhen(true)] out FunctionArn? arn)
    {
        Match match = Reference().Match(text);
        arn = match.Success ? new FunctionArn(Written("region"), Written("account"), match.Groups["name"].Value, Written("qualifier")) : null;
        return match.Success;

        string? Written(string group) => match.Groups[group] is { Success: true } found ? found.Value : null;
    }

    [GeneratedRegex(@"^(?:arn:aws[a-z-]*:lambda:(?<region>[a-z0-9-]+):)?(?:(?<account>[0-9]{12}):)?(?:function:)?(?<name>[a-zA-Z0-9_-]+)(?::(?<qualifier>\$LATEST|[a-zA-Z0-9_-]+))?\z")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^(?![0-9]+\z)[a-zA-Z0-9_-]{1,128}\z")]
    private static partial Regex AliasName();

    [GeneratedRegex(@"^[a-zA-Z0-9_-]{1,64}\z")]
    private static partial Regex BareName();
}
