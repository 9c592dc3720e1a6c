using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Environments;

/// <summary>Everything that environments of one function have in common.</summary>
/// <param name="Plan">What runs in them.</param>
/// <param name="Settings">What the function is told.</param>
/// <param name="Region">AWS_REGION.</param>
internal sealed record EnvironmentBlueprint(EnvironmentPlan Plan, FunctionSettings Settings, string Region)
{
    /// <summary>True: there is one environment, it waits for a debugger, and no Timeout is enforced.</summary>
    /// <value>false by default.</value>
    public bool IsDebugged { get; init; }

    /// <summary>Tells whether the files that environments run have changed since the function was loaded.</summary>
    /// <value>Never by default.</value>
    public Func<bool> HasChangedSinceLoaded { get; init; } = () => false;

    /// <summary>The process of one environment.</summary>
    /// <param name="settings">With the log stream of this environment.</param>
    /// <param name="runtimeApi">Address of its Runtime API.</param>
    /// <param name="folder">What stands for its /tmp.</param>
    public EnvironmentStart StartOf(FunctionSettings settings, string runtimeApi, string folder)
    {
        var variables = EnvironmentVariables.Of(Plan, settings, Region, runtimeApi, folder);
        DebuggerPlan? debugger = IsDebugged ? Plan.Debugger : null;
        return new EnvironmentStart
        {
            Command = Plan.Command,
            Arguments = debugger?.Arguments ?? Plan.Arguments,
            WorkingDirectory = Plan.TaskRoot,
            Variables = debugger is null ? variables : variables.SetItems(debugger.Variables),
            MemoryMegabytesMax = IsDebugged ? null : settings.MemorySize,
        };
    }
}
