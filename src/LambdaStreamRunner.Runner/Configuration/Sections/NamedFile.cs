using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>A file or folder that the configuration names.</summary>
/// <param name="At">The setting that names it.</param>
internal sealed record NamedFile(string Path, NamedFileKind Kind, JsonValue At)
{
    /// <summary>What the disk has against it, or null.</summary>
    public string? Complaint() => Kind switch
    {
        NamedFileKind.Code or NamedFileKind.CodeFolder or NamedFileKind.Layer when Path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) && File.Exists(Path) =>
            $"is '{Path}', an archive, which is not opened. Unpack it and name the folder, relative to this file.",
        NamedFileKind.Code when !File.Exists(Path) && !Directory.Exists(Path) =>
            $"is '{Path}', which does not exist. Name a project folder, a built folder or a DLL, relative to this file.",
        NamedFileKind.Code when File.Exists(Path) && !Path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) =>
            $"is '{Path}', which is a file and no DLL. Name a project folder, a built folder or a DLL.",
        NamedFileKind.CodeFolder when !Directory.Exists(Path) =>
            $"is '{Path}', which is {(File.Exists(Path) ? "a file" : "not there")}. Name the folder of the function's code, relative to this file.",
        NamedFileKind.Layer when !Directory.Exists(Path) =>
            $"is '{Path}', which is {(File.Exists(Path) ? "a file" : "not there")}. Name a folder with the content of the layer, relative to this file.",
        NamedFileKind.Input when Directory.Exists(Path) => $"is '{Path}', which is a folder. Name a file.",
        NamedFileKind.Input when !File.Exists(Path) => $"is '{Path}', which does not exist. Name a file relative to this one.",
        NamedFileKind.Destination when Directory.Exists(Path) => $"is '{Path}', which is a folder. Name a file; it is created when needed.",
        NamedFileKind.Data when File.Exists(Path) => $"is '{Path}', which is a file. Name a folder; it is made when absent.",
        _ => null,
    };
}

/// <summary>What a named file is for.</summary>
internal enum NamedFileKind
{
    /// <summary>A project folder, a built folder, or a DLL.</summary>
    Code,

    /// <summary>A folder of JavaScript, of Python, or of a program named bootstrap.</summary>
    CodeFolder,

    /// <summary>A folder of what AWS would find under /opt.</summary>
    Layer,

    /// <summary>Records to put.</summary>
    Input,

    /// <summary>Discarded batches are appended to it; it need not exist.</summary>
    Destination,

    /// <summary>The folder that keeps streams; it need not exist.</summary>
    Data,
}
