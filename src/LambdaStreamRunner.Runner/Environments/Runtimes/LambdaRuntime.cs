using System.Text.RegularExpressions;
using LambdaStreamRunner.Core.Measures;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>A Runtime, as AWS names it, in its parts: <c>python3.13</c>, <c>nodejs22.x</c>, <c>dotnet10</c>, <c>provided.al2023</c>.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Family">The language.</param>
/// <param name="Version">What the name says of the version: <c>3.13</c>, <c>22</c>, <c>10</c>; empty for an OS-only runtime.</param>
internal sealed partial record LambdaRuntime(string Name, RuntimeFamily Family, string Version)
{
    private static readonly string[] Examples = ["dotnet8", "dotnet10", "nodejs20.x", "nodejs22.x", "nodejs24.x", "python3.11", "python3.12", "python3.13", "python3.14", "provided", "provided.al2", "provided.al2023"];

    /// <summary>The runtime of a function that names none: the .NET that runs this process.</summary>
    public static LambdaRuntime Default { get; } = new($"dotnet{Environment.Version.Major}", RuntimeFamily.Dotnet, $"{Environment.Version.Major}");

    /// <summary>Reads a name.</summary>
    /// <exception cref="FunctionLoadException">It is not of a language that can be run here.</exception>
    public static LambdaRuntime Of(string? name)
    {
        if (name is null)
            return Default;
        if (Dotnet().Match(name) is { Success: true } dotnet)
            return new LambdaRuntime(name, RuntimeFamily.Dotnet, dotnet.Groups[1].Value);
        if (Node().Match(name) is { Success: true } node)
            return new LambdaRuntime(name, RuntimeFamily.Nodejs, node.Groups[1].Value);
        if (Python().Match(name) is { Success: true } python)
            return new LambdaRuntime(name, RuntimeFamily.Python, python.Groups[1].Value);
        if (Provided().IsMatch(name))
            return new LambdaRuntime(name, RuntimeFamily.Provided, "");
        throw new FunctionLoadException($"Runtime '{name}' cannot be run here: use dotnet, nodejs, python3 or provided, as in dotnet10, nodejs22.x, python3.13, provided.al2023.{NearestName.Suggest(name, Examples)}");
    }

    [GeneratedRegex(@"^dotnet(?:core)?([0-9.]+)\z")]
    private static partial Regex Dotnet();

    [GeneratedRegex(@"^nodejs([0-9]+)(?:\.x)?\z")]
    private static partial Regex Node();

    [GeneratedRegex(@"^python(3\.[0-9]+)\z")]
    private static partial Regex Python();

    [GeneratedRegex(@"^provided(?:\.[a-z0-9]+)?\z")]
    private static partial Regex Provided();
}
