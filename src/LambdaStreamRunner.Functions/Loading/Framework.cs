using System.Reflection;

namespace LambdaStreamRunner.Functions.Loading;

/// <summary>The assemblies of the shared frameworks this process runs on, apart from the runner's own.</summary>
internal static class Framework
{
    private static readonly string CoreFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    private static readonly Dictionary<string, string> Paths = TrustedPaths()
        .Where(path => !path.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal))
        .DistinctBy(Path.GetFileNameWithoutExtension)
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>True for assemblies of .NET itself that are at least as new as the wanted one: they are shared by all functions.</summary>
    public static bool IsCore(AssemblyName wanted) =>
        Paths.TryGetValue(wanted.Name!, out string? path)
        && Path.GetDirectoryName(path) == CoreFolder
        && (wanted.Version is null || AssemblyName.GetAssemblyName(path).Version >= wanted.Version);

    /// <summary>True for assemblies of .NET, ASP.NET and the like, of any version.</summary>
    public static bool Contains(AssemblyName wanted) => Paths.ContainsKey(wanted.Name!);

    private static string[] TrustedPaths() =>
        (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
}
