using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
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

    /// <summary>Share of MemorySize that the garbage collector may fill; the rest is for code, threads and what lies outside of its heap.</summary>
    private const double HeapShare = 0.75;

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

        ImmutableArray<string> arguments = !needsDotnet ? [] : isProgram ? ["exec", code] : InHost(code);
        return new EnvironmentPlan
        {
            Command = needsDotnet ? build.DotnetCommand : code,
            Arguments = arguments,
            TaskRoot = Path.GetDirectoryName(code)!,
            Handler = function.Handler,
            Variables = PlanVariables.Of(
                function, new LayerFolders(function.Layers), Path.GetDirectoryName(code)!, RuntimeFiles.FolderOf(Language), runtime.Name,
                ("DOTNET_GCHeapHardLimit", HeapLimit(function.MemorySizeMegabytes))),
            Debugger = isProgram ? null : new DebuggerPlan(
                arguments, ImmutableDictionary<string, string>.Empty.Add("LAMBDA_STREAM_WAIT_FOR_DEBUGGER", "1"), "Attach the .NET debugger of your IDE to process {pid} (dotnet)."),
            NoDebugger = isProgram ? $"'{function.Handler}' is a program of its own, and nothing tells it to wait for a debugger: attach one to its process at any time." : null,
        };
    }

    /// <summary>Processes that are watched, not confined, would not know their limit otherwise.</summary>
    private static string HeapLimit(int memoryMegabytes) => ((long)(memoryMegabytes * HeapShare * (1 << 20))).ToString("X", CultureInfo.InvariantCulture);

    // The function's own frameworks, ASP.NET's among them. Older ones roll forward to those that our host needs.
    private static ImmutableArray<string> InHost(string code)
    {
        string host = RuntimeFiles.Find(Language, $"{HostName}.dll");
        string own = Path.ChangeExtension(code, ".runtimeconfig.json");
        string config = File.Exists(own) && NamesFrameworks(own) ? own : RuntimeFiles.Find(Language, $"{HostName}.runtimeconfig.json");
        return ["exec", "--roll-forward", "LatestMajor", "--runtimeconfig", config, "--depsfile", RuntimeFiles.Find(Language, $"{HostName}.deps.json"), host, code];
    }

    // What was published self-contained brings its own runtime, which nothing but its own program can start.
    private static bool NamesFrameworks(string runtimeConfig)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(runtimeConfig), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            JsonElement options = document.RootElement.GetProperty("runtimeOptions");
            return options.TryGetProperty("framework", out _) || options.TryGetProperty("frameworks", out _);
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FunctionLoadException($"'{runtimeConfig}' cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private static bool IsThere(string command) =>
        Path.IsPathRooted(command)
            ? File.Exists(command)
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder =>
                File.Exists(Path.Combine(folder, command)) || (OperatingSystem.IsWindows() && File.Exists(Path.Combine(folder, $"{command}.exe"))));
}
