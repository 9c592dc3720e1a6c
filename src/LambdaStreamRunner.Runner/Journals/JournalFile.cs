namespace LambdaStreamRunner.Runner.Journals;

/// <summary>The file below a journal: new or empty, for one run to write, for its user to read.</summary>
internal static class JournalFile
{
    private const UnixFileMode OnlyUser = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Devices = "/dev/";

    /// <summary>Opens it; of a pipe, waits for its reader.</summary>
    /// <exception cref="JournalException">Another run writes it, or has written it.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written, or is somebody else's, so that nobody knows who reads it.</exception>
    public static FileStream Open(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OnlyUser;
        var file = new FileStream(path, options);
        try
        {
            if (!IsDevice(path))
                MakeOurs(file);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void MakeOurs(FileStream file)
    {
        if (OperatingSystem.IsLinux())
            Lock(file);
        if (file is { CanSeek: true, Length: > 0 })
            throw new JournalException($"The journal '{file.Name}' was written by another run meanwhile: name another file.");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file.SafeFileHandle, OnlyUser);           // a file that was there has the mode that it was made with
    }

    // What FileShare keeps out on Windows: a second writer, and no reader.
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private static void Lock(FileStream file)
    {
        try
        {
            file.Lock(0, 1);
        }
        catch (IOException taken)
        {
            throw new JournalException($"The journal '{file.Name}' is written by another run: name another file.", taken);
        }
    }

    // Everybody's, and nothing stays there.
    private static bool IsDevice(string path) =>
        !OperatingSystem.IsWindows()
        && (path.StartsWith(Devices, StringComparison.Ordinal) || File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName.StartsWith(Devices, StringComparison.Ordinal) == true);
}
