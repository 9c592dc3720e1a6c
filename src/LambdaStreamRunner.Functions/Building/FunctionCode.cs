using LambdaStreamRunner.Core.Measures;
using LambdaStreamRunner.Functions.Binding;

namespace LambdaStreamRunner.Functions.Building;

/// <summary>Finds the assembly behind a function's CodeUri: a project folder (built when needed), a built folder, or a DLL.</summary>
public static class FunctionCode
{
    private static readonly string[] ProjectKinds = [".csproj", ".fsproj", ".vbproj"];

    /// <summary>Builds when needed; returns the full path of the assembly that the handler names.</summary>
    /// <param name="codeUri">Path of a project or its folder, of a folder of DLLs, or of a DLL.</param>
    /// <param name="handler">Names the assembly.</param>
    /// <param name="build">How to build.</param>
    /// <param name="stopping">Ends a running build.</param>
    /// <exception cref="FunctionLoadException">Nothing is there, the build failed, or it made other assemblies.</exception>
    public static async Task<string> LocateAsync(string codeUri, HandlerName handler, FunctionBuild build, CancellationToken stopping)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(codeUri));
        if (File.Exists(path))
            return IsProject(path) ? await BuiltAsync(path, handler, build, stopping) : Dll(path, codeUri, handler);
        if (!Directory.Exists(path))
            throw new FunctionLoadException($"CodeUri '{codeUri}' does not exist.");

        string[] projects = [.. Directory.EnumerateFiles(path).Where(IsProject).Order(StringComparer.Ordinal)];
        return projects.Length == 0
            ? InFolder(path, handler, $"CodeUri '{codeUri}' holds no project and no '{handler.Assembly}.dll'")
            : await BuiltAsync(TheProject(projects, codeUri, handler), handler, build, stopping);
    }

    private static async Task<string> BuiltAsync(string project, HandlerName handler, FunctionBuild build, CancellationToken stopping)
    {
        string folder = await new ProjectBuilder(project, build).BuildAsync(stopping);
        return InFolder(folder, handler, $"The project '{Path.GetFileName(project)}' does not make '{handler.Assembly}.dll', which the handler '{handler}' names");
    }

    private static string InFolder(string folder, HandlerName handler, string otherwise)
    {
        string path = Path.Combine(folder, $"{handler.Assembly}.dll");
        if (File.Exists(path))
            return path;

        string[] names = [.. Directory.EnumerateFiles(folder, "*.dll").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];
        throw new FunctionLoadException($"{otherwise}.{NearestName.Suggest(handler.Assembly, names)}");
    }

    private static string Dll(string path, string codeUri, HandlerName handler)
    {
        if (!path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            throw new FunctionLoadException($"CodeUri '{codeUri}' is neither a project nor a DLL nor a folder of one.");
        if (Path.GetFileNameWithoutExtension(path) != handler.Assembly)
            throw new FunctionLoadException($"CodeUri '{codeUri}' is not the assembly '{handler.Assembly}' that the handler '{handler}' names.");
        return path;
    }

    private static string TheProject(string[] projects, string codeUri, HandlerName handler) =>
        projects.Length == 1
            ? projects[0]
            : projects.FirstOrDefault(project => Path.GetFileNameWithoutExtension(project) == handler.Assembly)
              ?? throw new FunctionLoadException($"CodeUri '{codeUri}' holds {projects.Length} projects and none is called '{handler.Assembly}': {string.Join(", ", projects.Select(Path.GetFileName))}. Name one of them.");

    private static bool IsProject(string path) => ProjectKinds.Contains(Path.GetExtension(path));
}
