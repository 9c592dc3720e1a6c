using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>A script that starts the runtime in its own way, as observability layers bring it.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html"/>.</remarks>
internal static class ExecWrapper
{
    private const string Variable = "AWS_LAMBDA_EXEC_WRAPPER";
    private const string LayerRoot = "/opt/";
    private const string TaskRoot = "/var/task/";

    /// <summary>The plan, started by the function's wrapper when it names one.</summary>
    /// <param name="plan">Of a runtime that Lambda brings; it ignores the variable for others.</param>
    /// <param name="function">The function.</param>
    /// <exception cref="FunctionLoadException">The wrapper is missing.</exception>
    public static EnvironmentPlan Around(EnvironmentPlan plan, FunctionConfiguration function)
    {
        if (!function.EnvironmentVariables.TryGetValue(Variable, out string? path))
            return plan;
        string? found = path.StartsWith(LayerRoot, StringComparison.Ordinal) ? new LayerFolders(function.Layers).File(path[LayerRoot.Length..])
            : path.StartsWith(TaskRoot, StringComparison.Ordinal) ? Path.Combine(plan.TaskRoot, path[TaskRoot.Length..])
            : path;
        if (!File.Exists(found))
            throw new FunctionLoadException($"{Variable} is '{path}', which is not there. {LayerRoot} stands for the function's layers, {TaskRoot} for its code.");
        ExecutableFile.Require(found);
        return plan with
        {
            Command = found,
            Arguments = [plan.Command, .. plan.Arguments],
            Debugger = plan.Debugger is { } debugger ? debugger with { Arguments = [plan.Command, .. debugger.Arguments] } : null,
        };
    }
}
