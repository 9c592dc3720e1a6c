using System.Collections.Immutable;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Building;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>.NET: a class library in our FunctionHost, or a program that talks to the Runtime API itself.</summary>
internal static class DotnetPlan
{
    private const string Language = "dotnet";
    private const string HostName = "LambdaStreamRunner.FunctionHost";

    /// <inheritdoc cref="EnvironmentPlans.OfAsync(FunctionConfiguration, FunctionBuild, CancellationToken)"/>
    public static async Task<EnvironmentPlan> OfAsync(FunctionConfiguration function, LambdaRuntime runtime, FunctionBuild build, CancellationToken stopping)
    {
        bool isProgram = !function.Handler.Contains("::", StringComparison.Ordinal);
        if (isProgram && string.IsNullOrWhiteSpace(function.Handler))
            throw new FunctionLoadException("Handler is empty. Write Assembly::Namespace.Type::Method for a class library, or the name of the assembly for a program.");
        string code = isProgram
            ? await FunctionCode.LocateProgramAsync(function.CodeUri, function.Handler.Trim(), build, stopping)
            : await FunctionCode.LocateAsync(function.CodeUri, HandlerName.Parse(function.Handler), build, stopping);
        bool needsDotnet = code.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        if (needsDotnet && !IsThere(build.DotnetCommand))
            throw new FunctionLoadException($"Runtime '{runtime.Name}' needs .NET, and there is no '{build.DotnetCommand}' on the PATH: install it from https://dot.net.");
        if (!isProgram)
            HandlerMetadata.Require(code, HandlerName.Parse(function.Handler));

        ImmutableArray<string> arguments = !needsDotnet ? [] : isProgram ? ["exec", code] : InHost(code);
        return new EnvironmentPlan
        {
            Command = needsDotnet ? build.DotnetCommand : code,
            Arguments = arguments,
            TaskRoot = Path.GetDirectoryName(code)!,
            Handler = function.Handler,
            Variables = PlanVariables.Of(
                function, new LayerFolders(function.Layers), Path.GetDirectoryName(code)!, RuntimeFiles.FolderOf(Language), runtime.Name,
                DotnetCollector.Variables(code, function.MemorySizeMegabytes)),
            Debugger = isProgram ? null : new DebuggerPlan(
                arguments, ImmutableDictionary<string, string>.Empty.Add("LAMBDA_STREAM_WAIT_FOR_DEBUGGER", "1"), "Attach the .NET debugger of your IDE to process {pid} (dotnet)."),
            NoDebugger = isProgram ? $"'{function.Handler}' is a program of its own, and nothing tells it to wait for a debugger: attach one to its process at any time." : null,
        };
    }

    // The function's own frameworks, ASP.NET's among them. Older ones roll forward to those that our host needs.
    private static ImmutableArray<string> InHost(string code)
    {
        string host = RuntimeFiles.Find(Language, $"{HostName}.dll");
        string config = RuntimeConfig.Beside(code) is { NamesFrameworks: true } own ? own.Path : RuntimeFiles.Find(Language, $"{HostName}.runtimeconfig.json");
        return ["exec", "--roll-forward", "LatestMajor", "--runtimeconfig", config, "--depsfile", RuntimeFiles.Find(Language, $"{HostName}.deps.json"), host, code];
    }

    private static bool IsThere(string command) =>
        Path.IsPathRooted(command)
            ? File.Exists(command)
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder =>
                File.Exists(Path.Combine(folder, command)) || (OperatingSystem.IsWindows() && File.Exists(Path.Combine(folder, $"{command}.exe"))));
}
