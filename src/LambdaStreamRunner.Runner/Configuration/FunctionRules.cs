using System.Text.RegularExpressions;

namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>What of a function's settings goes together; the same for a file and for code.</summary>
internal static partial class FunctionRules
{
    /// <summary>What to write as Endpoint.</summary>
    public const string EndpointAdvice = "write \"aws\" for AWS itself, or the URL of a server that answers Lambda's Invoke, as http://127.0.0.1:9000.";

    private const string ElsewhereAdvice = "a function with Hosting \"Remote\" has its own where it runs. Leave it out, or leave Hosting and Endpoint out.";

    private static readonly string[] Substitutable = ["java", "ruby", "go1"];

    /// <summary>Where a function runs when its Hosting is not said: what cannot run in this process has processes of its own.</summary>
    /// <param name="runtime">Its Runtime, if any.</param>
    /// <param name="handler">Its Handler; may be empty.</param>
    public static FunctionHosting DefaultHosting(string? runtime, string handler) =>
        RuntimeNames.FamilyOf(runtime) is RuntimeFamily.Nodejs or RuntimeFamily.Python or RuntimeFamily.Provided || IsExecutable(handler)
            ? FunctionHosting.Process
            : FunctionHosting.InProcess;

    /// <summary>True when the function's code is here.</summary>
    public static bool NeedsCode(FunctionHosting hosting) => hosting is not FunctionHosting.Remote;

    /// <summary>True when it cannot do without a Handler: everything that is here, but a bootstrap.</summary>
    public static bool NeedsHandler(FunctionHosting hosting, string? runtime) => NeedsCode(hosting) && RuntimeNames.FamilyOf(runtime) is not RuntimeFamily.Provided;

    /// <summary>What to write as Handler.</summary>
    public static string HandlerAdvice(string? runtime) => RuntimeNames.FamilyOf(runtime) switch
    {
        RuntimeFamily.Nodejs => "write the file without its ending and the exported function, as index.handler.",
        RuntimeFamily.Python => "write the module and the function, as app.lambda_handler.",
        RuntimeFamily.Provided => "write what the bootstrap shall find as _HANDLER, or leave it out.",
        _ => "write Assembly::Namespace.Type::Method.",
    };

    /// <summary>What to write as CodeUri.</summary>
    public static string CodeUriAdvice(string? runtime) => RuntimeNames.FamilyOf(runtime) is null or RuntimeFamily.Dotnet
        ? "name a project folder, a built folder or a DLL, relative to this file."
        : "name the folder of the function's code, relative to this file.";

    /// <summary>Every contradiction, by the setting's name in a file.</summary>
    public static IEnumerable<(string Name, string Text)> MistakesOf(FunctionConfiguration function)
    {
        if (function.Hosting is FunctionHosting.Remote)
            return RemoteMistakes(function);
        RuntimeFamily? family = RuntimeNames.FamilyOf(function.Runtime);
        return family is { } known ? LocalMistakes(function, known) : [("Runtime", NoRuntime(function.Runtime!))];
    }

    private static IEnumerable<(string Name, string Text)> RemoteMistakes(FunctionConfiguration function)
    {
        if (function.Endpoint is null)
            yield return ("Endpoint", $"is missing; a function with Hosting \"Remote\" is invoked there: {EndpointAdvice}");
        if (function.CodeUri.Length > 0)
            yield return ("CodeUri", $"is not used: {ElsewhereAdvice}");
        if (function.Handler.Length > 0)
            yield return ("Handler", $"is not used: {ElsewhereAdvice}");
        if (function.Runtime is not null)
            yield return ("Runtime", $"is not used: {ElsewhereAdvice}");
        if (!function.Layers.IsEmpty)
            yield return ("Layers", $"are not used: {ElsewhereAdvice}");
        if (!function.EnvironmentVariables.IsEmpty)
            yield return ("Environment", $"is not used: {ElsewhereAdvice}");
        if (!function.Logging.IsDefault)
            yield return ("LoggingConfig", $"is not used: {ElsewhereAdvice}");
        if (function.Alias is not null)
            yield return ("AutoPublishAlias", "is not used: a function with Hosting \"Remote\" has its versions and aliases where it runs. Leave it out; a mapping's FunctionName may name any of them.");
    }

    private static IEnumerable<(string Name, string Text)> LocalMistakes(FunctionConfiguration function, RuntimeFamily family)
    {
        if (function.Logging is { LogFormat: FunctionLogFormat.Text } logging && (logging.ApplicationLogLevel ?? logging.SystemLogLevel) is not null)
            yield return ("LoggingConfig", "names levels, which are for logs in JSON. Add \"LogFormat\": \"JSON\", or leave ApplicationLogLevel and SystemLogLevel out.");
        if (function.Endpoint is not null)
            yield return ("Endpoint", "is for functions that are invoked elsewhere. Add \"Hosting\": \"Remote\", or leave it out.");
        if (HandlerMistake(function.Handler, function.Runtime, family) is { } mistake)
            yield return ("Handler", mistake);
        else if (function.Hosting is FunctionHosting.InProcess && family is not RuntimeFamily.Dotnet)
            yield return ("Hosting", $"is \"InProcess\", but this process runs .NET, and the function is {RuntimeNames.Describe(family)} ({function.Runtime}). Write \"Process\", or leave it out.");
        else if (function.Hosting is FunctionHosting.InProcess && IsExecutable(function.Handler))
            yield return ("Hosting", $"is \"InProcess\", but the Handler \"{function.Handler}\" names only an assembly, and a program does not run inside another. Write \"Process\", or leave it out; for a class library write Assembly::Namespace.Type::Method.");
        if (function.Hosting is FunctionHosting.InProcess && !function.Layers.IsEmpty)
            yield return ("Layers", "are for functions in processes of their own: one in this process finds its files beside its DLL. Reference them from the project and leave it out, or write \"Hosting\": \"Process\".");
    }

    private static string? HandlerMistake(string handler, string? runtime, RuntimeFamily family)
    {
        if (handler.Length == 0 || family is RuntimeFamily.Provided)
            return null;
        if (family is not RuntimeFamily.Dotnet)
            return FileAndMethod().IsMatch(handler) ? null : $"is \"{handler}\"; {HandlerAdvice(runtime)}";
        if (runtime is null && ScriptHandler().IsMatch(handler))
            return $"is \"{handler}\", as JavaScript and Python have it: add \"Runtime\": \"nodejs22.x\" or \"python3.13\". For .NET, {HandlerAdvice(runtime)}";
        return ThreeParts().IsMatch(handler) || IsExecutable(handler) ? null : $"is \"{handler}\"; {HandlerAdvice(runtime)} The assembly's name alone is for a program with a Main.";
    }

    private static string NoRuntime(string runtime) => Array.Exists(Substitutable, start => runtime.StartsWith(start, StringComparison.OrdinalIgnoreCase))
        ? $"is \"{runtime}\", which is not available; use provided.al2023 with a program named bootstrap. It can be {RuntimeNames.Allowed}."
        : $"is \"{runtime}\", which is no runtime that is known here. It can be {RuntimeNames.Allowed}.";

    // A .NET program is named by its assembly alone.
    private static bool IsExecutable(string handler) => AssemblyName().IsMatch(handler);

    [GeneratedRegex(@"^[^:\s]+::[^:\s]+::[^:\s]+\z")]
    private static partial Regex ThreeParts();

    [GeneratedRegex(@"^[^:\s/\\]+\z")]
    private static partial Regex AssemblyName();

    [GeneratedRegex(@"^[^:\s]+\.[^:\s./\\]+\z")]
    private static partial Regex FileAndMethod();

    [GeneratedRegex(@"\.(lambda_)?handler\z")]
    private static partial Regex ScriptHandler();
}
