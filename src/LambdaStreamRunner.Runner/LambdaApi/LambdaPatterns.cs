using System.Text.RegularExpressions;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>Regular expressions of Lambda's service model.</summary>
internal static partial class LambdaPatterns
{
    public static Pattern Arn { get; } = new(@"arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}(-gov)?-[a-z]+-\d{1})?:(\d{12})?:(.*)", ArnRegex());

    public static Pattern FunctionName { get; } = new(
        @"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?", FunctionNameRegex());

    /// <summary>Where discarded batches go. A file passes too: whether it may is for the rules to say.</summary>
    public static Pattern Destination { get; } = new(
        @"^$|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}(-gov)?-[a-z]+-\d{1})?:(\d{12})?:(.*)", DestinationRegex());

    public static Pattern KeyArn { get; } = new(@"(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()", KeyArnRegex());

    public static Pattern TagResource { get; } = new(
        @"arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12})",
        TagResourceRegex());

    [GeneratedRegex(@"\Aarn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}(-gov)?-[a-z]+-[0-9])?:([0-9]{12})?:(.*)\z")]
    private static partial Regex ArnRegex();

    [GeneratedRegex(@"\A(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-[0-9]:)?([0-9]{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?\z")]
    private static partial Regex FunctionNameRegex();

    [GeneratedRegex(@"\A(file:.*|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}(-gov)?-[a-z]+-[0-9])?:([0-9]{12})?:(.*))?\z", RegexOptions.Singleline)]
    private static partial Regex DestinationRegex();

    [GeneratedRegex(@"\A(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)?\z")]
    private static partial Regex KeyArnRegex();

    [GeneratedRegex(@"\Aarn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-[0-9]:[0-9]{12}:(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12})\z")]
    private static partial Regex TagResourceRegex();
}
