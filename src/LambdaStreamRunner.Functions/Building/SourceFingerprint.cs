using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LambdaStreamRunner.Functions.Building;

/// <summary>The state of everything a build reads, from names, sizes and times; no file is opened.</summary>
/// <remarks>
/// A project stands for all files of its folder, so that a new file counts, and for the files above it that MSBuild and
/// NuGet look for. Comparing states finds what "newer than" misses: a deleted file, or an older one that came back.
/// </remarks>
internal static class SourceFingerprint
{
    private static readonly HashSet<string> GeneratedFolders = new(StringComparer.OrdinalIgnoreCase) { "bin", "obj", "artifacts", "node_modules", "TestResults" };

    private static readonly string[] FilesAbove = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", "nuget.config", "NuGet.config", "NuGet.Config", ".editorconfig"];

    // A folder that may not be read, as a database's below its project, is no source: builds pass over it too.
    private static readonly EnumerationOptions Readable = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };

    /// <summary>The state as text.</summary>
    /// <param name="inputs">Projects and files, by full path.</param>
    /// <param name="configuration">The configuration that is built.</param>
    public static string Of(IEnumerable<string> inputs, string configuration)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(configuration));
        foreach (FileInfo file in FilesOf(inputs))
        {
            string state = file.Exists
                ? string.Create(CultureInfo.InvariantCulture, $"\n{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}")
                : $"\n{file.FullName}|missing";
            hash.AppendData(Encoding.UTF8.GetBytes(state));
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>True when a file was written after the time.</summary>
    public static bool HasChangedSince(IEnumerable<string> inputs, DateTime time) => FilesOf(inputs).Any(file => file.Exists && file.LastWriteTimeUtc > time);

    /// <summary>True for files that builds write.</summary>
    public static bool IsGenerated(string path) => path.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).SkipLast(1).Any(GeneratedFolders.Contains);

    /// <summary>All files that count, in the order of their paths; some may be missing.</summary>
    /// <param name="inputs">Projects and files, by full path.</param>
    public static IEnumerable<FileInfo> FilesOf(IEnumerable<string> inputs)
    {
        SortedDictionary<string, FileInfo> files = new(StringComparer.Ordinal);
        foreach (string input in inputs)
        {
            files[input] = new FileInfo(input);
            if (!Path.GetExtension(input).EndsWith("proj", StringComparison.Ordinal) || Path.GetDirectoryName(input) is not { } folder)
                continue;
            AddFolder(new DirectoryInfo(folder), files);
            AddAbove(new DirectoryInfo(folder), files);
        }
        return files.Values;
    }

    private static void AddFolder(DirectoryInfo folder, SortedDictionary<string, FileInfo> files)
    {
        if (!folder.Exists)
            return;
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos("*", Readable))
        {
            if (entry is FileInfo file)
                files[file.FullName] = file;
            else if (entry is DirectoryInfo { LinkTarget: null } inner && !GeneratedFolders.Contains(inner.Name) && !inner.Name.StartsWith('.'))
                AddFolder(inner, files);
        }
    }

    private static void AddAbove(DirectoryInfo folder, SortedDictionary<string, FileInfo> files)
    {
        for (DirectoryInfo? above = folder.Parent; above is not null; above = above.Parent)
        {
            foreach (string name in FilesAbove)
            {
                var file = new FileInfo(Path.Combine(above.FullName, name));
                if (file.Exists)
                    files[file.FullName] = file;
            }
        }
    }
}
