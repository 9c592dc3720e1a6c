using System.Collections.Immutable;

namespace LambdaStreamRunner.Functions.Building;

/// <summary>
/// Where the code of a function comes from: what the last build of its project was made of, with all that lies beside it; or the
/// files of its folder and of its layers.
/// </summary>
/// <remarks>
/// Passed over is what packages bring (<c>node_modules</c>; npm's own list of what it has installed is looked at), what is made while
/// a function runs (<c>__pycache__</c>, <c>.log</c>, <c>.jsonl</c>), hidden folders and files, and what editors leave for a moment.
/// </remarks>
public sealed class FunctionSources
{
    /// <summary>Files that are looked at: the first ones of each folder, in the order of their names.</summary>
    public const int FilesMax = 20_000;

    private const string Packages = "node_modules";
    private const string InstalledPackages = ".package-lock.json";

    private static readonly ImmutableArray<string> PassedOver = [".log", ".jsonl", ".pyc", ".tmp", ".swp", "~"];

    private readonly string? _project;
    private readonly ImmutableArray<string> _folders;

    private FunctionSources(string? project, ImmutableArray<string> folders) => (_project, _folders) = (project, folders);

    /// <summary>True when it is a project, which has to be built.</summary>
    public bool IsProject => _project is not null;

    /// <summary>The sources of a function.</summary>
    /// <param name="codeUri">Path of a project or its folder, of a folder of code, or of a DLL.</param>
    /// <param name="assembly">Simple name of the assembly that its handler names; it chooses among several projects. Empty for other languages.</param>
    /// <param name="layers">Folders of layers.</param>
    public static FunctionSources Of(string codeUri, string assembly, IEnumerable<string> layers)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(codeUri));
        string? project = FunctionCode.ProjectAt(path, assembly);
        string folder = File.Exists(path) ? Path.GetDirectoryName(path)! : path;
        return new FunctionSources(project, project is null ? [folder, .. layers] : [.. layers]);
    }

    /// <summary>How they are now.</summary>
    /// <exception cref="IOException">A folder went while it was looked at.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder cannot be read.</exception>
    public SourceState Look()
    {
        IEnumerable<FileInfo> ofProject = _project is null ? [] : SourceFingerprint.FilesOf(ProjectBuilder.InputsOf(_project)).Where(IsLookedAt);
        return SourceState.Of(ofProject.Concat(_folders.SelectMany(folder => FilesIn(new DirectoryInfo(folder)))), FilesMax);
    }

    private static IEnumerable<FileInfo> FilesIn(DirectoryInfo folder)
    {
        if (!folder.Exists)
            yield break;
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (entry is FileInfo file && IsLookedAt(file))
                yield return file;
            if (entry is DirectoryInfo { Name: Packages })
                yield return new FileInfo(Path.Combine(entry.FullName, InstalledPackages));
            if (entry is not DirectoryInfo { LinkTarget: null, Name: not (Packages or "__pycache__") and not ['.', ..] } inner)
                continue;
            foreach (FileInfo within in FilesIn(inner))
                yield return within;
        }
    }

    private static bool IsLookedAt(FileInfo file) =>
        (file.Name[0] is not ('.' or '#') || file.Name == ".editorconfig") && !PassedOver.Any(end => file.Name.EndsWith(end, StringComparison.OrdinalIgnoreCase));
}
