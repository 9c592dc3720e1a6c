using LambdaStreamRunner.Core.Measures;
using LambdaStreamRunner.Functions.Binding;

namespace LambdaStreamRunner.Functions.Building;

/// <summary>Finds the assembly behind a function's CodeUri: a project folder (built when needed), a built folder, or a file.</summary>
public static class FunctionCode
{
    private static readonly string[] ProjectKinds = [".csproj", ".fsproj", ".vbproj"];

    /// <summary>Builds when needed; returns the full path of the assembly that the handler names.</summary>
    /// <param name="codeUri">Path of a project or its folder, of a folder of DLLs, or of a DLL.</param>
    /// <param name="handler">Names the assembly.</param>
    /// <param name="build">How to build.</param>
    /// <param name="stopping">Ends a running build.</param>
    /// <exception cref="FunctionLoadException">Nothing is there, the build failed, or it made other assemblies.</exception>
    public static Task<string> LocateAsync(string codeUri, HandlerName handler, FunctionBuild build, CancellationToken stopping) =>
        LocateAsync(codeUri, new Wanted(handler.Assembly, handler.ToString(), $"{handler.Assembly}.dll", Library), build, stopping);

    /// <summary>Builds when needed; returns the full path of a program: a DLL that <c>dotnet exec</c> runs, or a file that runs by itself.</summary>
    /// <param name="codeUri">Path of a project or its folder, of a folder of what was built, or of a DLL.</param>
    /// <param name="assembly">Simple name of the program's assembly, which is its whole handler string.</param>
    /// <param name="build">How to build.</param>
    /// <param name="stopping">Ends a running build.</param>
    /// <exception cref="FunctionLoadException">Nothing is there, the build failed, or what it made is no program.</exception>
    public static Task<string> LocateProgramAsync(string codeUri, string assembly, FunctionBuild build, CancellationToken stopping) =>
        LocateAsync(codeUri, new Wanted(assembly, assembly, assembly, DotnetProgram.In), build, stopping);

    /// <summary>True when there is a project to build: the path is one, or a folder that holds one.</summary>
    public static bool HasProject(string codeUri) =>
        IsProject(codeUri) ? File.Exists(codeUri) : Directory.Exists(codeUri) && Directory.EnumerateFiles(codeUri).Any(IsProject);

    /// <summary>The project that would be built; null when there is none.</summary>
    /// <param name="path">Full path of a project or a folder.</param>
    /// <param name="assembly">Simple name of the assembly that is wanted; it chooses among several projects.</param>
    internal static string? ProjectAt(string path, string assembly)
    {
        if (IsProject(path))
            return File.Exists(path) ? path : null;
        string[] projects = ProjectsIn(path);
        return projects.Length > 1 ? projects.FirstOrDefault(project => Path.GetFileNameWithoutExtension(project) == assembly) : projects.FirstOrDefault();
    }

    private static string[] ProjectsIn(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Where(IsProject).Order(StringComparer.Ordinal)] : [];

    private static async Task<string> LocateAsync(string codeUri, Wanted wanted, FunctionBuild build, CancellationToken stopping)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(codeUri));
        if (File.Exists(path))
            return IsProject(path) ? await BuiltAsync(path, wanted, build, stopping) : AtFile(path, codeUri, wanted);
        if (!Directory.Exists(path))
            throw new FunctionLoadException($"CodeUri '{codeUri}' does not exist.");

        string[] projects = ProjectsIn(path);
        return projects.Length == 0
            ? InFolder(path, wanted, $"CodeUri '{codeUri}' holds no project and no '{wanted.Shown}'")
            : await BuiltAsync(ProjectAt(path, wanted.Assembly) ?? throw NoSuchProject(projects, codeUri, wanted), wanted, build, stopping);
    }

    private static async Task<string> BuiltAsync(string project, Wanted wanted, FunctionBuild build, CancellationToken stopping)
    {
        string folder = await new ProjectBuilder(project, build).BuildAsync(stopping);
        return InFolder(folder, wanted, $"The project '{Path.GetFileName(project)}' does not make '{wanted.Shown}', which the handler '{wanted.Handler}' names");
    }

    private static string InFolder(string folder, Wanted wanted, string otherwise)
    {
        if (wanted.Find(folder, wanted.Assembly) is { } found)
            return found;

        string[] names = [.. Directory.EnumerateFiles(folder, "*.dll").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];
        throw new FunctionLoadException($"{otherwise}.{NearestName.Suggest(wanted.Assembly, names)}");
    }

    private static string AtFile(string path, string codeUri, Wanted wanted)
    {
        if (!path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            throw new FunctionLoadException($"CodeUri '{codeUri}' is neither a project nor a DLL nor a folder of one.");
        if (Path.GetFileNameWithoutExtension(path) != wanted.Assembly)
            throw new FunctionLoadException($"CodeUri '{codeUri}' is not the assembly '{wanted.Assembly}' that the handler '{wanted.Handler}' names.");
        return InFolder(Path.GetDirectoryName(path)!, wanted, $"CodeUri '{codeUri}' is no program");
    }

    private static FunctionLoadException NoSuchProject(string[] projects, string codeUri, Wanted wanted) =>
        new($"CodeUri '{codeUri}' holds {projects.Length} projects and none is called '{wanted.Assembly}': {string.Join(", ", projects.Select(Path.GetFileName))}. Name one of them.");

    private static string? Library(string folder, string assembly)
    {
        string path = Path.Combine(folder, $"{assembly}.dll");
        return File.Exists(path) ? path : null;
    }

    private static bool IsProject(string path) => ProjectKinds.Contains(Path.GetExtension(path));

    /// <summary>What is looked for.</summary>
    /// <param name="Assembly">Simple name of the assembly.</param>
    /// <param name="Handler">The handler string that names it.</param>
    /// <param name="Shown">How messages call it.</param>
    /// <param name="Find">The file in a folder; null when it is not there.</param>
    private sealed record Wanted(string Assembly, string Handler, string Shown, Func<string, string, string?> Find);
}
