using System.Collections;
using System.Collections.Immutable;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>
/// What of this process' environment a function's process gets: the user's (PATH, HOME, proxies, AWS credentials, DOTNET_ROOT, ICU settings),
/// and nothing that tells how this very program was started or is being watched. A start-up hook or a profiler would be loaded into each
/// function, MSBuild's variables would break its builds, ASPNETCORE_URLS would make a web application in a function fight for the port of the runner.
/// </summary>
internal static class InheritedVariables
{
    private static readonly ImmutableArray<string> KeptPrefixes =
        ["DOTNET_ROOT", "DOTNET_SYSTEM_GLOBALIZATION_", "DOTNET_CLI_HOME", "DOTNET_CLI_TELEMETRY_OPTOUT", "DOTNET_NOLOGO", "DOTNET_RUNNING_IN_CONTAINER"];

    private static readonly ImmutableArray<string> DroppedPrefixes =
    [
        "MSBUILD", "MSBuild",         // dotnet run and dotnet watch: of their build, of their SDK
        "DOTNET_", "COMPlus_",        // start-up hooks, host path, launch profile, hot reload, diagnostic ports, collector and compiler settings
        "ASPNETCORE_",                // ports and start-up assemblies of the runner's own server
        "CORECLR_", "COR_",           // profilers and coverage
        "TESTINGPLATFORM_", "VSTEST_", "XUNIT_", "NUNIT_",
        "_LAMBDA_", "AWS_LAMBDA_",    // those of a function, when the runner itself runs in one
        "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "_HANDLER", "_X_AMZN_TRACE_ID",
    ];

    /// <summary>Those of this process that a function's process gets.</summary>
    public static ImmutableDictionary<string, string> OfThisProcess() =>
        Of(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value ?? "")));

    /// <summary>Those of <paramref name="variables"/> that a function's process gets.</summary>
    public static ImmutableDictionary<string, string> Of(IEnumerable<KeyValuePair<string, string>> variables) =>
        variables.Where(variable => IsPassedOn(variable.Key)).ToImmutableDictionary(StringComparer.Ordinal);

    private static bool IsPassedOn(string name) =>
        StartsWithAny(name, KeptPrefixes) || !StartsWithAny(name, DroppedPrefixes);

    private static bool StartsWithAny(string name, ImmutableArray<string> prefixes) =>
        prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
