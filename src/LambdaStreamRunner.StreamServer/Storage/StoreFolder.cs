using System.Globalization;

namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>The folder of a store: one process at a time, and a format that is known.</summary>
internal sealed class StoreFolder : IDisposable
{
    /// <summary>The format that is written, and the newest that is read.</summary>
    public const int Format = 1;

    private const string FormatFile = "format";
    private const string LockFile = "lock";
    private const string FormatPrefix = "lambda-stream-runner ";

    private readonly FileStream _lock;

    private StoreFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>The whole path.</summary>
    public string Path { get; }

    /// <summary>Where the engine keeps its files.</summary>
    public string DatabasePath => System.IO.Path.Combine(Path, "streams");

    /// <summary>Takes the folder for this process.</summary>
    /// <exception cref="StorageException">Another process has it, it is not ours, of a newer format, or cannot be written.</exception>
    public static StoreFolder Take(string folder)
    {
        string path = System.IO.Path.GetFullPath(folder);
        try
        {
            Directory.CreateDirectory(path);
            CheckFormat(path);                                // first: a foreign folder is left as it is
            FileStream held = Hold(path);
            try
            {
                CheckFormat(path);                            // again, now that nobody else can write it
                WriteFormat(path);
                return new StoreFolder(path, held);
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            throw new StorageException(
                $"The data folder '{path}' cannot be written: {refused.Message} Make it writable, name another with --data, or run with --in-memory.", refused);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Hold(string path)
    {
        string file = System.IO.Path.Combine(path, LockFile);
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held) when (File.Exists(file) && held is not (DirectoryNotFoundException or FileNotFoundException) && !IsReadOnlyDisk(held))
        {
            throw new StorageException(
                $"The data folder '{path}' is in use by another process. Stop that one, name another folder with --data, or run with --in-memory.", held);
        }
    }

    // EROFS and ENOSPC reach .NET as plain IOExceptions, like a lock that is held; on Windows a held lock is the only one with its number.
    private static bool IsReadOnlyDisk(IOException error) => (error.HResult & 0xFFFF) is 30 or 28 && !OperatingSystem.IsWindows();

    private static void CheckFormat(string path)
    {
        string file = System.IO.Path.Combine(path, FormatFile);
        if (!File.Exists(file))
        {
            if (Directory.EnumerateFileSystemEntries(path).Any(entry => System.IO.Path.GetFileName(entry) != LockFile))
                throw new StorageException($"The folder '{path}' holds something else than streams. Name an empty or a new one with --data.");
            return;
        }

        string text = File.ReadAllText(file).Trim();
        if (!text.StartsWith(FormatPrefix, StringComparison.Ordinal)
            || !int.TryParse(text.AsSpan(FormatPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int format))
            throw new StorageException($"The file '{file}' does not name a format of streams. Restore it, or name another folder with --data.");
        if (format > Format)
            throw new StorageException(
                $"The data folder '{path}' has format {format}, of a newer version of this program; this one reads up to format {Format}. "
                + "Run the newer version, or name another folder with --data.");
    }

    private static void WriteFormat(string path)
    {
        string file = System.IO.Path.Combine(path, FormatFile);
        if (File.Exists(file))
            return;
        string next = file + ".next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{FormatPrefix}{Format}\n"));
        File.Move(next, file);
    }
}
