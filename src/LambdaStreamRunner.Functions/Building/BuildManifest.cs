using System.Text.Json;

namespace LambdaStreamRunner.Functions.Building;

/// <summary>What the last successful build made, and from what.</summary>
/// <param name="Folder">Name of the output folder.</param>
/// <param name="Fingerprint">State of the inputs; empty when they changed during the build.</param>
/// <param name="Inputs">Projects that took part, and source files, by full path.</param>
internal sealed record BuildManifest(string Folder, string Fingerprint, string[] Inputs)
{
    private const string FileName = "current.json";

    private static readonly JsonSerializerOptions AllMembers = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>The output folder.</summary>
    public string FolderIn(string root) => Path.Combine(root, Folder);

    /// <summary>The last build's manifest; null when there is none, or none that can be read.</summary>
    public static BuildManifest? Read(string root)
    {
        try
        {
            return JsonSerializer.Deserialize<BuildManifest>(File.ReadAllBytes(Path.Combine(root, FileName)), AllMembers);
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;                                              // then it is built, and a real obstacle shows there
        }
    }

    /// <summary>Replaces the manifest as a whole: a reader sees the old or the new one.</summary>
    public void Write(string root)
    {
        string path = Path.Combine(root, FileName);
        File.WriteAllBytes($"{path}.new", JsonSerializer.SerializeToUtf8Bytes(this));
        File.Move($"{path}.new", path, overwrite: true);
    }
}
