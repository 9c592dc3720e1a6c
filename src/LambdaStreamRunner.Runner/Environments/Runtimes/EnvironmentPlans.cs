using System.Diagnostics;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Building;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>From a function's configuration to what runs in its execution environments.</summary>
internal static class EnvironmentPlans
{
    /// <summary>Builds when needed, looks for the interpreter and for the handler's file, and says what is to be started.</summary>
    /// <param name="function">The function; its Hosting does not matter.</param>
    /// <param name="build">How .NET projects are built.</param>
    /// <param name="stopping">Ends a running build.</param>
    /// <exception cref="FunctionLoadException">It cannot be started; one sentence says why and what to do.</exception>
    public static Task<EnvironmentPlan> OfAsync(FunctionConfiguration function, FunctionBuild build, CancellationToken stopping) =>
        OfAsync(function, build, debuggerPort: null, stopping);

    /// <summary>The same, with the loopback port at which a debugger will find the environment.</summary>
    /// <param name="function">The function; its Hosting does not matter.</param>
    /// <param name="build">How .NET projects are built.</param>
    /// <param name="debuggerPort">1 to 65535; null for what the language's debuggers expect: 9229 for Node.js, 5678 for Python. .NET needs none.</param>
    /// <param name="stopping">Ends a running build.</param>
    /// <exception cref="FunctionLoadException">It cannot be started; one sentence says why and what to do.</exception>
    public static async Task<EnvironmentPlan> OfAsync(FunctionConfiguration function, FunctionBuild build, int? debuggerPort, CancellationToken stopping)
    {
        var runtime = LambdaRuntime.Of(function.Runtime);
        if (function.Layers.FirstOrDefault(layer => !Directory.Exists(layer)) is { } missing)
            throw new FunctionLoadException($"The layer '{missing}' is no folder. A layer is the folder that its archive unpacks to.");
        return runtime.Family is RuntimeFamily.Provided
            ? await BootstrapPlan.OfAsync(function, build, stopping)
            : ExecWrapper.Around(await LambdasOwnAsync(function, runtime, build, debuggerPort, stopping), function);
    }

    private static Task<EnvironmentPlan> LambdasOwnAsync(FunctionConfiguration function, LambdaRuntime runtime, FunctionBuild build, int? debuggerPort, CancellationToken stopping) => runtime.Family switch
    {
        RuntimeFamily.Dotnet => DotnetPlan.OfAsync(function, runtime, build, stopping),
        RuntimeFamily.Nodejs => NodePlan.OfAsync(function, runtime, debuggerPort ?? NodePlan.DebuggerPortDefault, stopping),
        RuntimeFamily.Python => PythonPlan.OfAsync(function, runtime, debuggerPort ?? PythonPlan.DebuggerPortDefault, stopping),
        _ => throw new UnreachableException(),
    };
}
