using LambdaStreamRunner.Functions;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>A Python on the PATH.</summary>
/// <param name="Path">The interpreter itself, past what a version manager put on the PATH.</param>
/// <param name="Version">As in 3.13.</param>
/// <param name="HasDebugger">True when debugpy can be imported.</param>
internal sealed record PythonProgram(string Path, string Version, bool HasDebugger)
{
    private const string Script =
        "import importlib.util, sys; print(sys.executable); print('%d.%d' % sys.version_info[:2]); print(importlib.util.find_spec('debugpy') is not None)";

    /// <summary>Asks that of the runtime's version, then any.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="searched">Folders that the function's imports come from.</param>
    /// <param name="stopping">Ends the search.</param>
    /// <exception cref="FunctionLoadException">There is none that runs.</exception>
    public static async Task<PythonProgram> FindAsync(LambdaRuntime runtime, IEnumerable<string> searched, CancellationToken stopping)
    {
        foreach (string program in (string[])[$"python{runtime.Version}", "python3"])
        {
            if (await Interpreter.AskAsync(program, ["-c", Script], [], stopping) is [string path, string version, string hasDebugger] && path.Length > 0)
                return new PythonProgram(path, version, hasDebugger == "True" || searched.Any(folder => Directory.Exists(System.IO.Path.Combine(folder, "debugpy"))));
        }
        throw new FunctionLoadException($"Runtime '{runtime.Name}' needs Python, and there is no 'python{runtime.Version}' and no 'python3' on the PATH that runs: install it from https://www.python.org, or as your system does (apt-get install python3).");
    }
}
