using System.Collections.Immutable;
using System.Globalization;
using LambdaStreamRunner.Functions;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>The Node.js on the PATH.</summary>
/// <param name="Path">The program itself, past what a version manager put on the PATH.</param>
/// <param name="Version">As in 22.11.0.</param>
/// <param name="Options">Those of <see cref="Asked"/> that it knows: others would keep it from starting.</param>
internal sealed record NodeProgram(string Path, string Version, ImmutableHashSet<string> Options)
{
    /// <summary>Options that came with some version.</summary>
    private static readonly ImmutableArray<string> Asked = ["--experimental-require-module", "--experimental-detect-module"];

    /// <summary>The first number of its version.</summary>
    public int Major => int.Parse(Version.Split('.')[0], CultureInfo.InvariantCulture);

    /// <summary>Asks the node of the PATH.</summary>
    /// <exception cref="FunctionLoadException">There is none that runs.</exception>
    public static async Task<NodeProgram> FindAsync(LambdaRuntime runtime, CancellationToken stopping)
    {
        string script = $"console.log([process.execPath, process.versions.node, ...{Listed}.filter(option => process.allowedNodeEnvironmentFlags.has(option))].join('\\n'))";
        string[]? answer = await Interpreter.AskAsync("node", ["-e", script], [("NODE_OPTIONS", "")], stopping);
        return answer is [string path, string version, .. string[] options]
            ? new NodeProgram(path, version, [.. options])
            : throw new FunctionLoadException($"Runtime '{runtime.Name}' needs Node.js, and there is no 'node' on the PATH that runs: install it from https://nodejs.org, or as your system does (apt-get install nodejs).");
    }

    private static string Listed => $"[{string.Join(",", Asked.Select(option => $"'{option}'"))}]";
}
