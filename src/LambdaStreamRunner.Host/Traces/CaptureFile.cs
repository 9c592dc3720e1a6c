using System.IO.Compression;
using LambdaStreamRunner.Host.Verbs;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>The file that a capture writes: it takes its name, and the place of what has it, only when it is kept.</summary>
internal sealed class CaptureFile : IDisposable
{
    private readonly string? _part;                           // null: written where it is, to a device or standard output
    private readonly string _name;
    private bool _stays;

    private CaptureFile(string name, string? part, Stream content) => (_name, _part, Content) = (name, part, content);

    /// <summary>Where to write; whoever writes closes it.</summary>
    public Stream Content { get; }

    /// <summary>True once it has its name.</summary>
    public bool IsKept { get; private set; }

    /// <summary>Opens a new file beside the one that is meant.</summary>
    /// <param name="name">A file, packed when it ends in .gz, or '-'.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static CaptureFile Open(string name)
    {
        if (name == InputFile.StandardInput)
            return new CaptureFile(name, null, Console.OpenStandardOutput());
        string target = File.Exists(name) && File.ResolveLinkTarget(name, returnFinalTarget: true) is { } linked ? linked.FullName : Path.GetFullPath(name);
        string? part = IsDevice(target) ? null : $"{target}.{Path.GetRandomFileName()}.part";
        if (File.Exists(target))
            File.OpenHandle(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose();           // a file that is protected stays
        Stream plain = part is null ? File.OpenWrite(target) : File.Create(part);
        return new CaptureFile(target, part, name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(plain, CompressionLevel.Optimal) : plain);
    }

    /// <summary>Gives it its name; to be called when the content has been closed.</summary>
    public void Keep()
    {
        if (_part is not null)
            File.Move(_part, _name, overwrite: true);
        IsKept = true;
    }

    /// <summary>Leaves what could be written under a name of its own, which is returned; null when there is no such file.</summary>
    public string? LeavePart()
    {
        _stays = true;
        return _part;
    }

    public void Dispose()
    {
        Content.Dispose();
        if (_part is not null && !IsKept && !_stays)
            File.Delete(_part);
    }

    private static bool IsDevice(string path) => !OperatingSystem.IsWindows() && path.StartsWith("/dev/", StringComparison.Ordinal);
}
