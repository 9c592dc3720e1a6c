using LambdaStreamRunner.Core.Measures;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>What a handler such as <c>package.module.handler</c> names, among the files of a function.</summary>
internal static class PythonHandler
{
    /// <summary>Looks for the module; whether it has the handler is known only when it runs.</summary>
    /// <param name="function">The function.</param>
    /// <param name="searched">Folders that imports come from.</param>
    /// <exception cref="FunctionLoadException">The handler has another form, or the module is missing.</exception>
    public static void Check(FunctionConfiguration function, IReadOnlyCollection<string> searched)
    {
        string handler = function.Handler;
        int dot = handler.LastIndexOf('.');
        string[] parts = dot <= 0 || dot == handler.Length - 1 ? [] : handler[..dot].Split('.', '/');
        if (parts.Length == 0 || parts.Any(part => part.Length == 0))
            throw new FunctionLoadException($"Handler '{handler}' does not have the form module.function, as in app.handler or package/app.handler.");
        if (!Directory.Exists(function.CodeUri))
            throw new FunctionLoadException($"CodeUri '{function.CodeUri}' is no folder. For Python it is the folder that the handler's module is in.");

        if (searched.Any(folder => Holds(Path.Combine([folder, .. parts]))))
            return;
        string[] modules = [.. ModulesIn(Path.Combine([function.CodeUri, .. parts[..^1]]))];
        throw new FunctionLoadException($"Handler '{handler}' names the file '{string.Join('/', parts)}.py', which is not in '{function.CodeUri}'.{NearestName.Suggest(parts[^1], modules)}");
    }

    /// <summary>A module: a file, a package, or one that was compiled, whose name goes on with what it was compiled for.</summary>
    private static bool Holds(string module) =>
        File.Exists($"{module}.py") || Directory.Exists(module)
        || (Path.GetDirectoryName(module) is { } folder && Directory.Exists(folder)
            && Directory.EnumerateFiles(folder, $"{Path.GetFileName(module)}.*").Any(file => file.EndsWith(".so", StringComparison.Ordinal) || file.EndsWith(".pyc", StringComparison.Ordinal)));

    private static IEnumerable<string> ModulesIn(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.py").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal) : [];
}
