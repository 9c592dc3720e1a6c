namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>The files of a database before it is opened: what a vain opening leaves would otherwise fill the disk, try by try.</summary>
/// <remarks>
/// RocksDB writes the records of its log to table and blob files before its manifest names them. As long as the manifest is
/// the same, nobody knows of the new ones.
/// </remarks>
internal sealed class FilesBefore
{
    private readonly string _folder;
    private readonly HashSet<string> _files;
    private readonly string _manifest;

    public FilesBefore(string folder) => (_folder, _files, _manifest) = (folder, [.. Files(folder)], ManifestOf(folder));

    /// <summary>Deletes what has come since, if nothing refers to it.</summary>
    public void RemoveNewer()
    {
        try
        {
            if (_manifest.Length == 0 || ManifestOf(_folder) != _manifest)
                return;
            foreach (string file in Files(_folder).Where(file => !_files.Contains(file)))
                File.Delete(file);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // They stay until an opening succeeds, which removes them; why it failed is told by whoever tried.
        }
    }

    private static IEnumerable<string> Files(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".sst" or ".blob")
        : [];

    /// <summary>The manifest's name and length; empty when there is none.</summary>
    private static string ManifestOf(string folder)
    {
        string current = Path.Combine(folder, "CURRENT");
        if (!File.Exists(current))
            return "";
        string name = File.ReadAllText(current).Trim();
        var manifest = new FileInfo(Path.Combine(folder, name));
        return manifest.Exists ? FormattableString.Invariant($"{name} {manifest.Length}") : "";
    }
}
