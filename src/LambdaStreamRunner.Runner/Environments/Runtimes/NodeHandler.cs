using System.Text.Json;
using LambdaStreamRunner.Core.Measures;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>What a handler such as <c>src/index.handler</c> names, among the files of a function.</summary>
internal static class NodeHandler
{
    /// <summary>Lambda's runtime loads TypeScript itself from this version of Node.js on.</summary>
    private const int TypeScriptSince = 24;

    private const string Client = "aws-lambda-ric";

    private static readonly string[] Scripts = [".js", ".mjs", ".cjs"];
    private static readonly string[] TypeScripts = [".ts", ".mts", ".cts"];

    /// <summary>Looks for the file; whether it exports the handler is known only when it runs.</summary>
    /// <param name="function">The function.</param>
    /// <param name="packages">Folders of packages that layers bring.</param>
    /// <param name="nodeMajor">Version of Node.js.</param>
    /// <exception cref="FunctionLoadException">The handler has another form, or the file is missing.</exception>
    public static void Check(FunctionConfiguration function, IReadOnlyCollection<string> packages, int nodeMajor)
    {
        string handler = function.Handler;
        int dot = handler.IndexOf('.', handler.LastIndexOf('/') + 1);
        if (dot <= 0 || dot == handler.Length - 1 || handler[dot - 1] == '/' || handler.Contains("..", StringComparison.Ordinal))
            throw new FunctionLoadException($"Handler '{handler}' does not have the form file.function, as in index.handler or src/index.handler.");
        if (!Directory.Exists(function.CodeUri))
            throw new FunctionLoadException($"CodeUri '{function.CodeUri}' is no folder. For JavaScript it is the folder that the handler's file is in.");

        string module = handler[..dot];
        string file = Path.Combine(function.CodeUri, module);
        string[] extensions = nodeMajor >= TypeScriptSince ? ["", .. Scripts, .. TypeScripts] : ["", .. Scripts];
        string[] folders = [Path.Combine(function.CodeUri, "node_modules"), .. packages];
        if (extensions.Any(extension => File.Exists(file + extension)) || Directory.Exists(file) || folders.Any(folder => Directory.Exists(Path.Combine(folder, module))))
            return;
        if (TypeScripts.FirstOrDefault(extension => File.Exists(file + extension)) is { } typeScript)
            throw new FunctionLoadException($"Handler '{handler}' names '{module}{typeScript}', which Node.js {nodeMajor} does not run: compile it to JavaScript, and let CodeUri be the folder of the result.");
        throw new FunctionLoadException($"Handler '{handler}' names the file '{module}' (.js, .mjs or .cjs), which is not in '{function.CodeUri}'.{NearestName.Suggest(module, ModulesBeside(function.CodeUri, module))}");
    }

    /// <summary>The start of the public runtime interface client, when it is among these packages.</summary>
    /// <exception cref="FunctionLoadException">It is there, and its package.json cannot be read.</exception>
    public static string? ClientIn(string packages)
    {
        string folder = Path.Combine(packages, Client);
        string description = Path.Combine(folder, "package.json");
        if (!File.Exists(description))
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(description));
            JsonElement bin = document.RootElement.GetProperty("bin");      // it has moved between versions
            string start = Path.GetFullPath(Path.Combine(folder, (bin.ValueKind is JsonValueKind.Object ? bin.GetProperty(Client) : bin).GetString()!));
            return File.Exists(start) ? start : throw new FunctionLoadException($"'{start}' is missing: {Client} was not installed as a whole. Run 'npm install' again.");
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FunctionLoadException($"'{description}' cannot be read: {malformed.Message}", malformed);
        }
    }

    /// <summary>True when packages are named that nobody has installed.</summary>
    public static bool LacksPackages(string codeUri)
    {
        string description = Path.Combine(codeUri, "package.json");
        if (!File.Exists(description) || Directory.Exists(Path.Combine(codeUri, "node_modules")))
            return false;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(description));
            return document.RootElement.TryGetProperty("dependencies", out JsonElement dependencies) && dependencies.EnumerateObject().Any();
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new FunctionLoadException($"'{description}' cannot be read: {malformed.Message}", malformed);
        }
    }

    private static string[] ModulesBeside(string codeUri, string module)
    {
        string folder = Path.GetDirectoryName(module)!;
        string searched = Path.Combine(codeUri, folder);
        return !Directory.Exists(searched)
            ? []
            : [.. Directory.EnumerateFiles(searched).Where(file => Scripts.Contains(Path.GetExtension(file)))
                .Select(file => Path.Combine(folder, Path.GetFileNameWithoutExtension(file)).Replace('\\', '/')).Distinct().Order(StringComparer.Ordinal)];
    }
}
