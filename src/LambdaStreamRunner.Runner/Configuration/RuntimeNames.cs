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
    public static RuntimeFamily? FamilyOf(string? runtime) => Parse(runtime)?.Family;

    /// <summary>The family of a runtime and its version, such as 3.13, 22, 10; null when it is not available here.</summary>
    /// <param name="runtime">In any case; null: .NET, of the version of this process.</param>
    public static (RuntimeFamily Family, string Version)? Parse(string? runtime)
    {
        if (runtime is null)
            return (RuntimeFamily.Dotnet, $"{Environment.Version.Major}");
        if (Dotnet().Match(runtime) is { Success: true } dotnet)
            return (RuntimeFamily.Dotnet, dotnet.Groups[1].Value);
        if (Nodejs().Match(runtime) is { Success: true } nodejs)
            return (RuntimeFamily.Nodejs, nodejs.Groups[1].Value);
        if (Python().Match(runtime) is { Success: true } python)
            return (RuntimeFamily.Python, python.Groups[1].Value);
        return Provided().IsMatch(runtime) ? (RuntimeFamily.Provided, "") : null;
    }

    /// <summary>The name of a family, for people.</summary>
    public static string Describe(RuntimeFamily family) => family switch
    {
        RuntimeFamily.Nodejs => "Node.js",
        RuntimeFamily.Python => "Python",
        RuntimeFamily.Provided => "a bootstrap",
        _ => ".NET",
    };

    [GeneratedRegex(@"^dotnet(?:core)?([0-9]+(?:\.[0-9]+)?)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Dotnet();

    [GeneratedRegex(@"^nodejs([0-9]+)\.x\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Nodejs();

    [GeneratedRegex(@"^python(3\.[0-9]+)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Python();

    [GeneratedRegex(@"^provided(\.[a-z0-9]+)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Provided();
}
