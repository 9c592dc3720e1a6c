using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Building;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>A runtime that the function brings: an executable file called bootstrap, in its code or in a layer.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html"/>.</remarks>
internal static class BootstrapPlan
{
    private const string Name = "bootstrap";

    /// <inheritdoc cref="EnvironmentPlans.OfAsync(FunctionConfiguration, FunctionBuild, CancellationToken)"/>
    public static async Task<EnvironmentPlan> OfAsync(FunctionConfiguration function, FunctionBuild build, CancellationToken stopping)
    {
        var layers = new LayerFolders(function.Layers);
        string path = await FindAsync(function, layers, build, stopping);
        bool isDotnet = path.EndsWith(".dll", StringComparison.Ordinal);
        if (!isDotnet)
            ExecutableFile.Require(path);

        string taskRoot = FunctionCode.HasProject(function.CodeUri) ? Path.GetDirectoryName(path)! : function.CodeUri;
        return new EnvironmentPlan
        {
            Command = isDotnet ? build.DotnetCommand : path,
            Arguments = isDotnet ? ["exec", path] : [],
            TaskRoot = taskRoot,
            Handler = function.Handler,
            Variables = PlanVariables.Of(function, layers, taskRoot, taskRoot, executionEnvironment: null),
            NoDebugger = "Nothing tells a bootstrap to wait for a debugger: attach one to its process at any time.",
        };
    }

    private static async Task<string> FindAsync(FunctionConfiguration function, LayerFolders layers, FunctionBuild build, CancellationToken stopping)
    {
        string own = Path.Combine(function.CodeUri, Name);
        if (File.Exists(own))
            return own;
        if (layers.File(Name) is { } fromLayer)
            return fromLayer;
        if (FunctionCode.HasProject(function.CodeUri))
            return await FunctionCode.LocateProgramAsync(function.CodeUri, Name, build, stopping);
        if (!Directory.Exists(function.CodeUri))
            throw new FunctionLoadException($"CodeUri '{function.CodeUri}' is no folder. For the runtime '{function.Runtime}' it is the folder of an executable file called '{Name}'.");
        throw new FunctionLoadException($"The runtime '{function.Runtime}' needs an executable file called '{Name}', which is neither in '{function.CodeUri}' nor in a layer. Build it, or set Runtime to the language of the function.");
    }
}
