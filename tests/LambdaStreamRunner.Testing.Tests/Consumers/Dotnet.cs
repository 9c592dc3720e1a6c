using System.Diagnostics;

namespace LambdaStreamRunner.Testing.Tests.Consumers;

/// <summary>The command line of the SDK, as a user starts it.</summary>
internal static class Dotnet
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>
    /// For commands that build: nodes that outlive them would hold their output open, and the end of that is what is waited for. The
    /// compiler's server does not, and started anew for each project the compiler takes most of the time.
    /// </summary>
    public static string[] WithoutNodes { get; } = ["-nodeReuse:false", "-p:UseSharedCompilation=true"];

    /// <summary>Runs a command and gives what it printed.</summary>
    /// <param name="folder">Where it is run.</param>
    /// <param name="words">The command.</param>
    /// <exception cref="TimeoutException">It takes longer than five minutes.</exception>
    public static async Task<string> RunAsync(string folder, string[] words)
    {
        var start = new ProcessStartInfo("dotnet", words)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the build around this test says to its own children is nothing to those of a user.
        foreach (string name in start.Environment.Keys.Where(IsOfTheBuildAround).ToArray())
            start.Environment.Remove(name);

        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(Longest);
            return await output + await errors;
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static bool IsOfTheBuildAround(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("TESTINGPLATFORM", StringComparison.OrdinalIgnoreCase);
}
