using System.Collections.Immutable;
using System.Globalization;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>Python: our runtime on the interpreter of the PATH, or the runtime interface client that the function ships.</summary>
internal static class PythonPlan
{
    /// <summary>Where Python's debuggers look first.</summary>
    public const int DebuggerPortDefault = 5678;

    private const string Language = "python";
    private const string Client = "awslambdaric";

    /// <inheritdoc cref="EnvironmentPlans.OfAsync(FunctionConfiguration, Functions.Building.FunctionBuild, int?, CancellationToken)"/>
    public static async Task<EnvironmentPlan> OfAsync(FunctionConfiguration function, LambdaRuntime runtime, int debuggerPort, CancellationToken stopping)
    {
        var layers = new LayerFolders(function.Layers);
        string[] packages = [.. layers.Folders($"python/lib/python{runtime.Version}/site-packages", "python")];
        string[] searched = [function.CodeUri, .. packages];
        PythonHandler.Check(function, searched);
        PythonProgram python = await PythonProgram.FindAsync(runtime, searched, stopping);

        ImmutableArray<string> arguments = searched.Any(folder => Directory.Exists(Path.Combine(folder, Client)))
            ? ["-m", Client, function.Handler]
            : [RuntimeFiles.Find(Language, "bootstrap.py")];
        string address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{debuggerPort}");
        return new EnvironmentPlan
        {
            Command = python.Path,
            Arguments = arguments,
            TaskRoot = function.CodeUri,
            Handler = function.Handler,
            Variables = PlanVariables.Of(
                function, layers, function.CodeUri, RuntimeFiles.FolderOf(Language), runtime.Name,
                packages.Length > 0 ? [("PYTHONPATH", PlanVariables.Joined(packages))] : []),
            Debugger = !python.HasDebugger ? null : new DebuggerPlan(
                ["-m", "debugpy", "--listen", address, "--wait-for-client", .. arguments], ImmutableDictionary<string, string>.Empty,
                $"Attach a Python debugger to {address} (VS Code: Python Debugger, Remote Attach)."),
            NoDebugger = python.HasDebugger ? null : $"Python waits for a debugger by the package debugpy, which {python.Path} does not find: {python.Path} -m pip install debugpy.",
            Notices = python.Version == runtime.Version ? [] : [$"{function.Name} is for {runtime.Name}, and runs on the Python {python.Version} that is on the PATH."],
        };
    }
}
