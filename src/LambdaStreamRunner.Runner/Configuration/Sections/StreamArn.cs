using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>ARNs of streams, and the short names that stand for them.</summary>
internal static partial class StreamArn
{
    /// <summary>The ARN that a short name stands for.</summary>
    public static string Of(string name, string region, string accountId) => $"arn:aws:kinesis:{region}:{accountId}:stream/{name}";

    /// <summary>True for anything that wants to be an ARN, right or wrong.</summary>
    public static bool IsMeant(string text) => text.StartsWith("arn:", StringComparison.Ordinal);

    /// <summary>The stream's short name, when the ARN is one of a stream.</summary>
    public static bool TryGetName(string arn, [NotNullWhen(true)] out string? name)
    {
        Match match = Stream().Match(arn);
        name = match.Success ? match.Groups["name"].Value : null;
        return match.Success;
    }

    /// <summary>True for the ARN of an enhanced fan-out consumer.</summary>
    public static bool IsConsumer(string arn) => arn.Contains(":kinesis:", StringComparison.Ordinal) && arn.Contains("/consumer/", StringComparison.Ordinal);

    /// <summary>True for 1 to 128 letters, digits, underscores, dots and hyphens.</summary>
    public static bool IsName(string text) => Name().IsMatch(text);

    [GeneratedRegex(@"^arn:aws[a-z-]*:kinesis:[a-z0-9-]+:[0-9]{12}:stream/(?<name>[a-zA-Z0-9_.-]{1,128})\z")]
    private static partial Regex Stream();

    [GeneratedRegex(@"^[a-zA-Z0-9_.-]{1,128}\z")]
    private static partial Regex Name();
}
