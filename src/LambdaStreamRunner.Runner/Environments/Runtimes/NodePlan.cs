using System.Collections.Immutable;
using System.Globalization;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>JavaScript: our runtime on the node of the PATH, or the runtime interface client that the function ships.</summary>
internal static class NodePlan
{
    /// <summary>Where Node's debuggers look first.</summary>
    public const int DebuggerPortDefault = 9229;

    private const string Language = "nodejs";

    /// <summary>Share of MemorySize that JavaScript's old objects may fill.</summary>
    private const double HeapShare = 0.9;

    /// <summary>What Lambda turns off, by the version of its runtime; NODE_OPTIONS turns it on again.</summary>
    /// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html"/>, experimental features.</remarks>
    private static readonly ImmutableArray<(string Feature, ImmutableHashSet<string> Versions)> TurnedOff =
    [
        ("experimental-require-module", ["20", "22"]),
        ("experimental-detect-module", ["22"]),
    ];

    /// <inheritdoc cref="EnvironmentPlans.OfAsync(FunctionConfiguration, Functions.Building.FunctionBuild, int?, CancellationToken)"/>
    public static async Task<EnvironmentPlan> OfAsync(FunctionConfiguration function, LambdaRuntime runtime, int debuggerPort, CancellationToken stopping)
    {
        var layers = new LayerFolders(function.Layers);
        string[] packages = [.. layers.Folders($"nodejs/node{runtime.Version}/node_modules", "nodejs/node_modules")];
        NodeProgram node = await NodeProgram.FindAsync(runtime, stopping);
        NodeHandler.Check(function, packages, node.Major);

        string[] installed = [Path.Combine(function.CodeUri, "node_modules"), .. packages];
        string? client = installed.Select(NodeHandler.ClientIn).FirstOrDefault(found => found is not null);
        ImmutableArray<string> script = client is null ? [RuntimeFiles.Find(Language, "bootstrap.cjs")] : [client, function.Handler];
        ImmutableArray<string> arguments = [.. Options(function, runtime, node), .. script];
        string address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{debuggerPort}");
        return new EnvironmentPlan
        {
            Command = node.Path,
            Arguments = arguments,
            TaskRoot = function.CodeUri,
            Handler = function.Handler,
            Variables = PlanVariables.Of(
                function, layers, function.CodeUri, RuntimeFiles.FolderOf(Language), runtime.Name,
                packages.Length > 0 ? [("NODE_PATH", PlanVariables.Joined(packages))] : []),
            Debugger = new DebuggerPlan(
                [$"--inspect-brk={address}", .. arguments], ImmutableDictionary<string, string>.Empty,
                $"Attach a JavaScript debugger to {address} (VS Code: Debug, Attach to Node Process; Chrome: chrome://inspect), and continue from the first line."),
            Notices = [.. Notices(function, runtime, node)],
        };
    }

    private static IEnumerable<string> Options(FunctionConfiguration function, LambdaRuntime runtime, NodeProgram node)
    {
        string own = function.EnvironmentVariables.GetValueOrDefault("NODE_OPTIONS") ?? "";
        if (!own.Contains("--max-old-space-size", StringComparison.Ordinal) && !own.Contains("--max_old_space_size", StringComparison.Ordinal))
            yield return string.Create(CultureInfo.InvariantCulture, $"--max-old-space-size={(int)(function.MemorySizeMegabytes * HeapShare)}");
        foreach ((string feature, ImmutableHashSet<string> versions) in TurnedOff)
        {
            if (versions.Contains(runtime.Version) && node.Options.Contains($"--{feature}") && !own.Contains($"--{feature}", StringComparison.Ordinal))
                yield return $"--no-{feature}";
        }
    }

    private static IEnumerable<string> Notices(FunctionConfiguration function, LambdaRuntime runtime, NodeProgram node)
    {
        if (node.Major.ToString(CultureInfo.InvariantCulture) != runtime.Version)
            yield return $"{function.Name} is for {runtime.Name}, and runs on the Node.js {node.Version} that is on the PATH.";
        if (NodeHandler.LacksPackages(function.CodeUri))
            yield return $"The package.json of {function.Name} names dependencies, and there is no node_modules beside it: run 'npm install' in '{function.CodeUri}'.";
    }
}
