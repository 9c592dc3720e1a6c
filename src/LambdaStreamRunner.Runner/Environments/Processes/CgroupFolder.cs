using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>A folder in the cgroup file system that is this runner's, with a cgroup for each of its environments.</summary>
/// <param name="version">What this system has.</param>
/// <param name="path">Its path.</param>
internal sealed class CgroupFolder(CgroupVersion version, string path) : IDisposable
{
    private const long TrialBytesMax = 64 * 1024 * 1024;
    private const string TrialNumber = "0";   // the first environment has 1
    private const string MoveItself = "echo 0 >\"$1\"";

    /// <summary>Its path.</summary>
    public string Path => path;

    /// <summary>Makes one where the system lets us: the folder, a limit, and a process that moves into it are tried. Null when it does not let us.</summary>
    /// <param name="name">Name of the folder.</param>
    public static CgroupFolder? TryMake(string name)
    {
        if (!ProcessTable.IsThere || !File.Exists("/proc/self/cgroup"))
            return null;
        return CgroupPlace.Candidates(File.ReadAllText("/proc/self/mountinfo"), File.ReadAllText("/proc/self/cgroup"))
            .Select(place => TryMake(place, name))
            .FirstOrDefault(folder => folder is not null);
    }

    /// <summary>Makes one at a place. Null when that has no memory to limit, or the system does not let us; nothing is left of the attempt.</summary>
    /// <param name="place">Where.</param>
    /// <param name="name">Name of the folder.</param>
    public static CgroupFolder? TryMake(CgroupPlace place, string name)
    {
        var folder = new CgroupFolder(place.Version, System.IO.Path.Combine(place.Folder, name));
        return place.HasMemory() && folder.Works() ? folder : null;
    }

    /// <summary>A cgroup for an environment.</summary>
    /// <param name="number">Number of the environment in this runner.</param>
    /// <param name="memoryBytesMax">What it may use; null: as much as there is.</param>
    public Cgroup Add(int number, long? memoryBytesMax) =>
        new(version, System.IO.Path.Combine(path, number.ToString(CultureInfo.InvariantCulture)), memoryBytesMax);

    /// <summary>Removes the folder; the cgroups in it have been removed before.</summary>
    public void Dispose() => TryRemove(path);

    private bool Works()
    {
        try
        {
            Directory.CreateDirectory(path);
            if (version == CgroupVersion.Two)
                File.WriteAllText(System.IO.Path.Combine(path, "cgroup.subtree_control"), "+memory");
            if (TakesProcess())
                return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception)
        {
            // It is somebody else's, or mounted for reading only.
        }
        TryRemove(System.IO.Path.Combine(path, TrialNumber));
        TryRemove(path);
        return false;
    }

    private bool TakesProcess()
    {
        var trial = new Cgroup(version, System.IO.Path.Combine(path, TrialNumber), TrialBytesMax);
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", MoveItself, "sh", trial.ProcessesFile]) { RedirectStandardError = true })!;
        shell.WaitForExit();
        return trial.TryRemove() && shell.ExitCode == 0;
    }

    private static void TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What an environment that cannot be ended still holds, the watchdog removes after it.
        }
    }
}
