using LambdaStreamRunner.Core.Measures;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Debugging;

/// <summary>Which function a debugger shall be attached to.</summary>
/// <remarks>
/// One that runs in processes gets a single environment, which waits for the debugger before it loads the function; invocations wait
/// for their turn, its Timeout is not enforced, and its mappings do not discard records for their age. For one that runs in this
/// process, the runner waits for a debugger before it loads it.
/// </remarks>
/// <param name="FunctionName">Name of the function.</param>
/// <param name="Port">Loopback port at which the debugger finds the environment, 1 to 65535; null for what the language's debuggers expect: 9229 for Node.js, 5678 for Python. .NET needs none.</param>
public sealed record FunctionDebugging(string FunctionName, int? Port = null)
{
    /// <summary>Why it cannot be, in a sentence that says what to do; null when it can, as far as is known before the function is built.</summary>
    /// <param name="configuration">What is to run.</param>
    public string? MistakeIn(RunnerConfiguration configuration)
    {
        if (Port is < 1 or > 65_535)
            return $"The debugger's port is {Port}; it can be 1 to 65535.";
        if (configuration.Functions.FirstOrDefault(function => function.Name == FunctionName) is not { } named)
        {
            string[] names = [.. configuration.Functions.Select(function => function.Name)];
            string known = names.Length == 0 ? "no functions" : string.Join(", ", names.Select(name => $"'{name}'"));
            return $"There is no function '{FunctionName}' to debug.{NearestName.Suggest(FunctionName, names)} The configuration has {known}.";
        }
        if (named.Hosting is FunctionHosting.Remote)
            return $"Function '{FunctionName}' runs at {named.Endpoint}, and only a debugger there can hold it. Debug one with Hosting \"InProcess\" or \"Process\".";
        if (Port is not null && (named.Hosting is FunctionHosting.InProcess || RuntimeNames.FamilyOf(named.Runtime) is not (RuntimeFamily.Nodejs or RuntimeFamily.Python)))
            return $"A debugger finds '{FunctionName}' by its process, so a port is of no use. Leave it out; it is for Node.js and Python.";
        return null;
    }

    /// <summary>True for an environment of the function that waits for a debugger.</summary>
    internal bool HoldsEnvironmentOf(FunctionConfiguration function) => function.Name == FunctionName && function.Hosting is FunctionHosting.Process;
}
