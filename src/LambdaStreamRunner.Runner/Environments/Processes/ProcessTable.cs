using System.Buffers.Text;
using System.Globalization;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>A process of this machine as /proc shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Started">When it was started, in the kernel's ticks: with the id, it names a process for ever.</param>
/// <param name="Parent">Id of the process that it hangs on.</param>
/// <param name="Group">Id of its process group.</param>
/// <param name="Session">Id of its session.</param>
/// <param name="ResidentBytes">Its memory that is backed by RAM.</param>
internal readonly record struct RunningProcess(int Id, long Started, int Parent, int Group, int Session, long ResidentBytes);

/// <summary>The processes of this machine at a moment, without those that have ended and wait to be collected.</summary>
internal static class ProcessTable
{
    private const int StatBytesMax = 1024;
    private const string Folder = "/proc";

    /// <summary>Whether this system shows its processes as files.</summary>
    public static bool IsThere { get; } = OperatingSystem.IsLinux() && File.Exists("/proc/self/stat");

    /// <summary>Reads it: some 10 µs per process.</summary>
    public static IReadOnlyList<RunningProcess> Read()
    {
        var processes = new List<RunningProcess>(256);
        foreach (string folder in Directory.EnumerateDirectories(Folder))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && ReadOne(id) is { } process)
                processes.Add(process);
        }
        return processes;
    }

    /// <summary>What one process was started with, as <c>NAME=value</c> with a zero byte after each; empty when it is gone or belongs to somebody else.</summary>
    public static byte[] EnvironmentOf(int id)
    {
        try
        {
            return File.ReadAllBytes($"{Folder}/{id}/environ");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>One of them; null when it has ended.</summary>
    public static RunningProcess? ReadOne(int id)
    {
        using KernelFile state = StateOf(id);
        return ReadOne(id, state);
    }

    /// <summary>One of them, looked at again; null when it has ended.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="state">Its <see cref="StateOf"/>.</param>
    public static RunningProcess? ReadOne(int id, KernelFile state)
    {
        Span<byte> bytes = stackalloc byte[StatBytesMax];
        return Parse(id, state.Read(bytes));
    }

    /// <summary>The file that tells of a process. While it is open, it tells of this one and of no later one with the same id.</summary>
    public static KernelFile StateOf(int id) => new($"{Folder}/{id}/stat");

    /// <summary>One line of <c>/proc/PID/stat</c>. The name in parentheses may hold anything, parentheses too: fields are counted from the last one.</summary>
    internal static RunningProcess? Parse(int id, ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> rest = line[(line.LastIndexOf((byte)')') + 1)..];
        Span<long> fields = stackalloc long[25];
        int field = 3;   // the numbers of proc(5): 3 is the state
        byte state = 0;
        foreach (Range range in rest.Split((byte)' '))
        {
            ReadOnlySpan<byte> value = rest[range];
            if (value.IsEmpty)
                continue;
            if (field == 3)
                state = value[0];
            else if (Utf8Parser.TryParse(value, out long number, out _))
                fields[field] = number;
            if (++field == fields.Length)
                break;
        }
        return field < fields.Length || state is (byte)'Z' or (byte)'X'
            ? null
            : new RunningProcess(id, fields[22], (int)fields[4], (int)fields[5], (int)fields[6], fields[24] * Environment.SystemPageSize);
    }
}
