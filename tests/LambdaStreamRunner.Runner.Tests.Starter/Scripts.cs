using System.Collections.Immutable;
using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Starter;

/// <summary>Environments that are shell scripts.</summary>
internal static class Scripts
{
    public static EnvironmentStart Start(string script) => new()
    {
        Command = "/bin/sh",
        Arguments = ["-c", script],
        WorkingDirectory = "/",
        Variables = ImmutableDictionary<string, string>.Empty,
        MemoryMegabytesMax = 512,
    };
}
