using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>
/// What all environment processes of a runner share: the thread that starts them, the watchdog, the watch over their memory, the cgroups. Linux with
/// util-linux has all of it; elsewhere what is missing is left out: .NET ends trees of processes, and memory is that of each process alone.
/// </summary>
internal sealed class ProcessHost : IDisposable
{
    private const long BytesPerMegabyte = 1024 * 1024;
    private static readonly Lazy<ProcessHost> Shared = new(() => new ProcessHost(TimeProvider.System, Confinement.Strongest));

    private readonly StartTools _tools = StartTools.OfThisMachine();
    private readonly StartingThread _starts = new();
    private readonly ProcessMarks _marks = new();
    private readonly EnvironmentWatch _watch;
    private readonly Watchdog _watchdog;
    private readonly CgroupFolder? _cgroups;
    private readonly string _mark;
    private int _count;

    /// <summary>Looks at what this machine has.</summary>
    /// <param name="time">Real time: it paces looks at memory and bounds waits.</param>
    /// <param name="confinement">How memory is limited and descendants are found.</param>
    /// <param name="table">Reads the processes of this machine; null: <see cref="ProcessTable.Read"/>.</param>
    public ProcessHost(TimeProvider time, Confinement confinement, Func<IReadOnlyList<RunningProcess>>? table = null)
    {
        Time = time;
        Table = table ?? ProcessTable.Read;
        _mark = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}-");
        _cgroups = confinement is Confinement.Strongest && _tools.Shell is not null ? CgroupFolder.TryMake($"lambda-stream-runner-{_mark.TrimEnd('-')}") : null;
        _watchdog = new Watchdog(_tools, $"{ProcessMarks.Variable}={_mark}", _cgroups?.Path ?? "");
        _watch = new EnvironmentWatch(time, _marks, Table);
    }

    /// <summary>The one of this process. It lives as long as the process.</summary>
    public static ProcessHost OfThisProcess => Shared.Value;

    /// <summary>True when environments have cgroups, false when they are watched.</summary>
    public bool HasCgroups => _cgroups is not null;

    /// <summary>Bounds waits.</summary>
    public TimeProvider Time { get; }

    /// <summary>Reads the processes of this machine.</summary>
    public Func<IReadOnlyList<RunningProcess>> Table { get; }

    /// <summary>Starts a program that was found before.</summary>
    public async Task<(Process Process, IProcessFamily Family)> StartAsync(EnvironmentStart start, string program, IReadOnlyDictionary<string, string> variables)
    {
        _watchdog.Start();
        int number = Interlocked.Increment(ref _count);
        string mark = string.Create(CultureInfo.InvariantCulture, $"{_mark}{number}");
        long? memoryBytesMax = start.MemoryMegabytesMax * BytesPerMegabyte;
        Cgroup? cgroup = _cgroups?.Add(number, memoryBytesMax);
        try
        {
            Process process = await _starts.StartAsync(InfoFor(start, program, variables, mark, cgroup?.ProcessesFile ?? ""));
            Guard(process);
            return (process, cgroup ?? FamilyOf(process, mark, memoryBytesMax));
        }
        catch
        {
            cgroup?.TryRemove();
            throw;
        }
    }

    /// <summary>From now on its memory is measured.</summary>
    public void Watch(EnvironmentProcess environment) => _watch.Add(environment);

    /// <summary>Nothing of it is left.</summary>
    public void Forget(EnvironmentProcess environment)
    {
        _watch.Remove(environment);
        _watchdog.Remove(environment.Id);
    }

    /// <summary>Ends the thread and the watchdog, which ends what is left of environments.</summary>
    public void Dispose()
    {
        _watchdog.Dispose();
        _starts.End();
        _cgroups?.Dispose();
    }

    /// <summary>A process that nobody would end with this one must not live.</summary>
    private void Guard(Process process)
    {
        try
        {
            _watchdog.Add(process.Id);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw;
        }
    }

    private IProcessFamily FamilyOf(Process process, string mark, long? memoryBytesMax) =>
        ProcessTable.IsThere ? new WatchedFamily(process.Id, mark, _marks, Table, memoryBytesMax) : new UntrackedFamily(process, memoryBytesMax);

    private ProcessStartInfo InfoFor(EnvironmentStart start, string program, IReadOnlyDictionary<string, string> variables, string mark, string cgroup)
    {
        ImmutableArray<string> command = _tools.CommandFor(program, start.Arguments, cgroup);
        var info = new ProcessStartInfo(command[0], command[1..])
        {
            // All three: a child that has this process' terminal makes .NET change the terminal's settings.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = start.WorkingDirectory,
        };
        info.Environment.Clear();
        foreach ((string name, string value) in variables)
            info.Environment[name] = value;
        info.Environment[ProcessMarks.Variable] = mark;
        return info;
    }
}

/// <summary>How memory is limited and descendants are found.</summary>
internal enum Confinement
{
    /// <summary>By cgroups where this process may make them, else by the table of processes.</summary>
    Strongest,

    /// <summary>By the table of processes.</summary>
    Watched,
}
