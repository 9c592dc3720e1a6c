using System.Globalization;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>One cgroup for one environment: nothing that the environment starts can leave it.</summary>
internal sealed class Cgroup : IProcessFamily
{
    private readonly CgroupVersion _version;
    private readonly string _folder;

    /// <summary>Makes it.</summary>
    /// <param name="version">What this system has.</param>
    /// <param name="folder">A folder in the cgroup file system that is not there yet.</param>
    /// <param name="memoryBytesMax">What those inside may use together; null: as much as there is.</param>
    /// <exception cref="IOException">The system does not let us.</exception>
    /// <exception cref="UnauthorizedAccessException">The system does not let us.</exception>
    public Cgroup(CgroupVersion version, string folder, long? memoryBytesMax)
    {
        _version = version;
        _folder = folder;
        Directory.CreateDirectory(folder);
        if (memoryBytesMax is { } bytes)
            Limit(bytes);
    }

    /// <summary>The file that takes a process.</summary>
    public string ProcessesFile => File(CgroupVersion.Processes);

    public bool MeasuresItself => true;

    public MemoryUse Measure(Lazy<IReadOnlyList<RunningProcess>> snapshot)
    {
        long bytes = Number(ReadOrEmpty(_version.Usage)) - Member("memory.stat", _version.IdleCache);
        return new MemoryUse(Math.Max(0, bytes), Verdict());
    }

    public MemoryVerdict Verdict() => Member(_version.Events, "oom_kill") > 0 ? MemoryVerdict.Exceeded : MemoryVerdict.Within;

    public int Kill()
    {
        int found = 0;
        if (System.IO.File.Exists(File(CgroupVersion.Kill)))
            Write(CgroupVersion.Kill, "1");
        foreach (string line in ReadOrEmpty(CgroupVersion.Processes).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            found++;
            Signals.Kill(int.Parse(line, CultureInfo.InvariantCulture));
        }
        return found;
    }

    public bool TryRemove()
    {
        try
        {
            Directory.Delete(_folder);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;   // The last one inside is not quite gone.
        }
    }

    private void Limit(long bytes)
    {
        Write(_version.Limit, bytes.ToString(CultureInfo.InvariantCulture));
        if (System.IO.File.Exists(File(_version.SwapLimit)))
            Write(_version.SwapLimit, _version.WithoutSwap(bytes));
        if (System.IO.File.Exists(File(CgroupVersion.GroupEnds)))
            Write(CgroupVersion.GroupEnds, "1");
    }

    private string File(string name) => Path.Combine(_folder, name);

    private void Write(string name, string value) => System.IO.File.WriteAllText(File(name), value);

    /// <summary>Empty when the file is not there: the cgroup has been removed, or the kernel does not count that.</summary>
    private string ReadOrEmpty(string name)
    {
        try
        {
            return System.IO.File.ReadAllText(File(name));
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static long Number(string text) => long.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;

    private long Member(string name, string member)
    {
        foreach (string line in ReadOrEmpty(name).Split('\n'))
        {
            if (line.StartsWith(member, StringComparison.Ordinal) && line.Length > member.Length && line[member.Length] == ' ')
                return Number(line[member.Length..]);
        }
        return 0;
    }
}
