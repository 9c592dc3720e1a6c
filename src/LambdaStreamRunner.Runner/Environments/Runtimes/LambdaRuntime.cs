using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>A Runtime, as AWS names it, in its parts: <c>python3.13</c>, <c>nodejs22.x</c>, <c>dotnet10</c>, <c>provided.al2023</c>.</summary>
/// <param name="Name">As it is written; dotnet and the version of this process when nothing is.</param>
/// <param name="Family">The language.</param>
/// <param name="Version">What the name says of the version: <c>3.13</c>, <c>22</c>, <c>10</c>; empty for an OS-only runtime.</param>
internal sealed record LambdaRuntime(string Name, RuntimeFamily Family, string Version)
{
    /// <summary>Reads a name; null is the .NET that runs this process.</summary>
    /// <exception cref="FunctionLoadException">It is not of a language that can be run here.</exception>
    public static LambdaRuntime Of(string? name) => RuntimeNames.Parse(name) is var (family, version)
        ? new LambdaRuntime(name ?? $"dotnet{version}", family, version)
        : throw new FunctionLoadException($"Runtime '{name}' cannot be run here: write {RuntimeNames.Allowed}.");
}
