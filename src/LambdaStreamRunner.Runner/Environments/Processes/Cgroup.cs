using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>One cgroup for one environment: nothing that the environment starts can leave it.</summary>
internal sealed class Cgroup : IProcessFamily
{
    // One page: the kernel writes no more at a time.
    private const int ReadBytesMax = 4096;

    private readonly CgroupVersion _version;
    private readonly string _folder;
    private readonly KernelFile _usage;
    private readonly KernelFile _parts;
    private readonly KernelFile _events;

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
        (_usage, _parts, _events) = (new(File(version.Usage)), new(File("memory.stat")), new(File(version.Events)));
        Directory.CreateDirectory(folder);
        try
        {
            if (memoryBytesMax is { } bytes)
                Limit(bytes);
        }
        catch
        {
            TryRemove();                                      // nobody would do it later
            throw;
        }
    }

    /// <summary>The file that takes a process.</summary>
    public string ProcessesFile => File(CgroupVersion.Processes);

    public bool MeasuresItself => true;

    public MemoryUse Measure(Lazy<IReadOnlyList<RunningProcess>> snapshot)
    {
        Span<byte> buffer = stackalloc byte[ReadBytesMax];
        long bytes = Number(_usage.Read(buffer));
        bytes -= Member(_parts.Read(buffer), _version.IdleCache);
        return new MemoryUse(Math.Max(0, bytes), Verdict());
    }

    public MemoryVerdict Verdict()
    {
        Span<byte> buffer = stackalloc byte[ReadBytesMax];
        return Member(_events.Read(buffer), "oom_kill") > 0 ? MemoryVerdict.Exceeded : MemoryVerdict.Within;
    }

    public int Kill()
    {
        int found = 0;
        EndAllAtOnce();
        foreach (string line in Members().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            found++;
            Signals.Kill(int.Parse(line, CultureInfo.InvariantCulture));
        }
        return found;
    }

    public bool TryRemove()
    {
        _usage.Dispose();
        _parts.Dispose();
        _events.Dispose();
        try
        {
            Directory.Delete(_folder);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;   // The last one inside is not quite gone.
        }
    }

    private void EndAllAtOnce()
    {
        try
        {
            if (System.IO.File.Exists(File(CgroupVersion.Kill)))
                Write(CgroupVersion.Kill, "1");
        }
        catch (IOException)
        {
            // It has been removed at this moment: nobody is inside. Whoever is, is ended one by one.
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

    /// <summary>Ids of the processes inside; empty when the cgroup has been removed.</summary>
    private string Members()
    {
        try
        {
            return System.IO.File.ReadAllText(ProcessesFile);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static long Number(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out long number, out _) ? number : 0;

    /// <summary>The number behind a name at the beginning of a line; 0 when there is none.</summary>
    private static long Member(ReadOnlySpan<byte> text, string name)
    {
        foreach (Range line in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> member = text[line];
            int space = member.IndexOf((byte)' ');
            if (space == name.Length && Ascii.Equals(member[..space], name))
                return Number(member[(space + 1)..]);
        }
        return 0;
    }
}
