using System.Diagnostics.CodeAnalysis;
using System.Globalization;
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

    /// <summary>True for anything that wants to be the ARN of a consumer with enhanced fan-out, right or wrong.</summary>
    public static bool IsConsumerMeant(string arn) => arn.Contains(":kinesis:", StringComparison.Ordinal) && arn.Contains("/consumer/", StringComparison.Ordinal);

    /// <summary>Takes the ARN of a consumer with enhanced fan-out apart.</summary>
    public static bool TryGetConsumer(string arn, [NotNullWhen(true)] out string? streamArn, [NotNullWhen(true)] out string? consumerName, out DateTimeOffset created)
    {
        Match match = Consumer().Match(arn);
        bool isTime = long.TryParse(match.Groups["created"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds <= SecondsMax;
        created = isTime ? DateTimeOffset.FromUnixTimeSeconds(seconds) : default;
        (streamArn, consumerName) = isTime ? (match.Groups["stream"].Value, match.Groups["consumer"].Value) : (null, null);
        return isTime;
    }

    /// <summary>True for 1 to 128 letters, digits, underscores, dots and hyphens.</summary>
    public static bool IsName(string text) => Name().IsMatch(text);

    // The last second of the year 9999.
    private const long SecondsMax = 253_402_300_799;

    [GeneratedRegex(@"^(?<stream>arn:aws[a-z-]*:kinesis:[a-z0-9-]+:[0-9]{12}:stream/[a-zA-Z0-9_.-]{1,128})/consumer/(?<consumer>[a-zA-Z0-9_.-]{1,128}):(?<created>[0-9]+)\z")]
    private static partial Regex Consumer();

    [GeneratedRegex(@"^arn:aws[a-z-]*:kinesis:[a-z0-9-]+:[0-9]{12}:stream/(?<name>[a-zA-Z0-9_.-]{1,128})\z")]
    private static partial Regex Stream();

    [GeneratedRegex(@"^[a-zA-Z0-9_.-]{1,128}\z")]
    private static partial Regex Name();
}
