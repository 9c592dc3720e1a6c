using System.Text.RegularExpressions;

namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>The runtimes that can be asked for, by AWS's identifiers.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"/>.</remarks>
internal static partial class RuntimeNames
{
    /// <summary>What can be written, for people.</summary>
    public const string Allowed = "a dotnet runtime as dotnet10, a Node.js one as nodejs22.x, a Python one as python3.13, or provided.al2023 with a program named bootstrap";

    /// <summary>The family of a runtime; null when it is not available here.</summary>
    /// <param name="runtime">In any case; null: .NET.</param>
    public static RuntimeFamily? FamilyOf(string? runtime) => runtime switch
    {
        null => RuntimeFamily.Dotnet,
        _ when Dotnet().IsMatch(runtime) => RuntimeFamily.Dotnet,
        _ when Nodejs().IsMatch(runtime) => RuntimeFamily.Nodejs,
        _ when Python().IsMatch(runtime) => RuntimeFamily.Python,
        _ when Provided().IsMatch(runtime) => RuntimeFamily.Provided,
        _ => null,
    };

    /// <summary>The name of a family, for people.</summary>
    public static string Describe(RuntimeFamily family) => family switch
    {
        RuntimeFamily.Nodejs => "Node.js",
        RuntimeFamily.Python => "Python",
        RuntimeFamily.Provided => "a bootstrap",
        _ => ".NET",
    };

    [GeneratedRegex(@"^dotnet(core)?[0-9]+(\.[0-9]+)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Dotnet();

    [GeneratedRegex(@"^nodejs[0-9]+\.x\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Nodejs();

    [GeneratedRegex(@"^python3\.[0-9]+\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Python();

    [GeneratedRegex(@"^provided(\.[a-z0-9]+)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Provided();
}
