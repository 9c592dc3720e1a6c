using System.Diagnostics;

namespace LambdaStreamRunner.StreamServer.Tests.Storage;

/// <summary>Makes a folder read-only, also for root, who is not held up by permissions; writable again when disposed.</summary>
internal sealed class ReadOnlyFolder : IDisposable
{
    private readonly string _folder;

    private ReadOnlyFolder(string folder) => _folder = folder;

    /// <summary>No file can be made or deleted in the folder; the test is skipped where that cannot be had.</summary>
    public static ReadOnlyFolder Of(string folder)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A folder is made read-only with Unix permissions here.");
        if (IsRoot)
            Assert.SkipUnless(OperatingSystem.IsLinux() && Run("chattr", "+i", folder), "For root, a folder is read-only with chattr +i, which this file system, container or machine does not have.");
        else if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return new ReadOnlyFolder(folder);
    }

    public void Dispose()
    {
        if (IsRoot)
            Assert.True(Run("chattr", "-i", _folder), $"{_folder} stays read-only.");
        else if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static bool IsRoot => Environment.UserName == "root";

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;                                     // there is no such program
        }
    }
}
