using Microsoft.Win32.SafeHandles;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>A file by which the kernel tells how things are now. It is read again and again, and stays open for that: to open it costs several times what reading does.</summary>
/// <param name="path">Its path.</param>
internal sealed class KernelFile(string path) : IDisposable
{
    private readonly Lock _gate = new();
    private SafeFileHandle? _file;                            // null before the first reading
    private bool _isClosed;

    /// <summary>Reads it from its beginning.</summary>
    /// <param name="buffer">Takes it; the rest of a longer one is left out.</param>
    /// <returns>What was read; nothing when the file is not there, or what it tells of has ended.</returns>
    public ReadOnlySpan<byte> Read(Span<byte> buffer)
    {
        try
        {
            return Open() is { } file ? buffer[..RandomAccess.Read(file, buffer, fileOffset: 0)] : [];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return [];
        }
    }

    /// <summary>Closes it; afterwards nothing is read.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _file?.Dispose();
        }
    }

    private SafeFileHandle? Open()
    {
        lock (_gate)
            return _isClosed ? null : _file ??= File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
    }
}
