using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>What every section needs to know while one file is read.</summary>
/// <param name="Folder">Absolute folder of the file; its paths are relative to it.</param>
/// <param name="Overrides">What the command line says.</param>
/// <param name="Now">For timestamps that must not lie in the future.</param>
internal sealed record Reading(string Folder, ConfigurationOverrides Overrides, DateTimeOffset Now)
{
    public Problems Problems { get; } = new();

    /// <summary>What has to be on the disk for the file to be right.</summary>
    public List<NamedFile> NamedFiles { get; } = [];

    public string Region { get; set; } = new RunnerConfiguration().Region;

    public string AccountId { get; set; } = new RunnerConfiguration().AccountId;

    /// <summary>The services that may be contacted.</summary>
    public ServiceEndpoints Endpoints { get; set; } = new();

    /// <summary>The absolute path behind a setting; it is noted, so that the disk can be asked about it.</summary>
    public string? PathOf(JsonValue at, string written, NamedFileKind kind)
    {
        if (written.Contains('\0'))
        {
            Problems.Error(at, "holds a NUL character; write a path relative to this file.");
            return null;
        }
        string path = Path.GetFullPath(written, Folder);
        NamedFiles.Add(new NamedFile(path, kind, at));
        return path;
    }
}
