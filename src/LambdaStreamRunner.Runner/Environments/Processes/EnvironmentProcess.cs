using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using LambdaStreamRunner.Functions;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>
/// A process of an execution environment, with all that it starts. It has a session of its own, no terminal, no standard input; it dies with this process,
/// and when it ends, by itself or by <see cref="Kill"/>, nothing that it has started lives on.
/// </summary>
internal sealed class EnvironmentProcess : IAsyncDisposable
{
    private const int BytesPerMegabyte = 1024 * 1024;

    /// <summary>What a process has started may write its last lines for so long after it has ended.</summary>
    private static readonly TimeSpan GraceOfDescendants = TimeSpan.FromMilliseconds(250);

    /// <summary>Nothing takes so long that can be ended at all: a process that waits for a dead disk cannot.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenKills = TimeSpan.FromMilliseconds(5);

    private readonly ProcessHost _host;
    private readonly Process _process;
    private readonly IProcessFamily _family;
    private readonly KernelFile _state;                       // of the leader
    private readonly CancellationTokenSource _killed = new();
    private readonly CancellationTokenSource _deaf = new();
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _ending = new();
    private long _memoryBytesMax = -1;
    private bool _ended;   // or being killed: under the lock
    private volatile bool _wasOutOfMemory;

    private EnvironmentProcess(ProcessHost host, Process process, IProcessFamily family)
    {
        _host = host;
        _process = process;
        _family = family;
        Id = process.Id;
        _state = ProcessTable.StateOf(Id);
    }

    /// <summary>Its process id.</summary>
    public int Id { get; }

    /// <summary>Ends when it and all that it has started are gone and their output has been delivered.</summary>
    public Task<ProcessExit> Exited => _exited.Task;

    /// <summary>The most MB that it and its descendants were seen to use together, at a look every 200 ms, and now where that costs little; null when it ended before it was looked at.</summary>
    public int? MaxMemoryUsedMegabytes
    {
        get
        {
            if (_family.MeasuresItself || Interlocked.Read(ref _memoryBytesMax) < 0)
                Look(new Lazy<IReadOnlyList<RunningProcess>>(_host.Table));
            long bytes = Interlocked.Read(ref _memoryBytesMax);
            return bytes < 0 ? null : (int)((bytes + BytesPerMegabyte - 1) / BytesPerMegabyte);
        }
    }

    /// <summary>Starts a process.</summary>
    /// <param name="start">What to start.</param>
    /// <param name="line">Receives each line of its output, one at a time; while it is busy, the process waits when it writes.</param>
    /// <param name="stopping">Gives up before it is started.</param>
    /// <exception cref="FunctionLoadException">The program is missing or cannot be executed; the message says what to do.</exception>
    public static Task<EnvironmentProcess> StartAsync(EnvironmentStart start, Action<string> line, CancellationToken stopping) =>
        StartAsync(start, line, ProcessHost.OfThisProcess, stopping);

    /// <summary>Starts a process beside others.</summary>
    /// <param name="start">What to start.</param>
    /// <param name="line">Receives each line of its output, one at a time; while it is busy, the process waits when it writes.</param>
    /// <param name="host">What they share.</param>
    /// <param name="stopping">Gives up before it is started.</param>
    /// <exception cref="FunctionLoadException">The program is missing or cannot be executed; the message says what to do.</exception>
    public static async Task<EnvironmentProcess> StartAsync(EnvironmentStart start, Action<string> line, ProcessHost host, CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        ImmutableDictionary<string, string> variables = InheritedVariables.OfThisProcess().SetItems(start.Variables);
        string program = Programs.Find(start.Command, variables.GetValueOrDefault("PATH", ""), start.WorkingDirectory);
        try
        {
            (Process process, IProcessFamily family) = await host.StartAsync(start, program, variables);
            var environment = new EnvironmentProcess(host, process, family);
            host.Watch(environment);                          // before it can end, and be forgotten
            _ = Task.Run(() => environment.RunAsync(line), CancellationToken.None);
            return environment;
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new FunctionLoadException($"{program} cannot be started: {exception.Message}.", exception);
        }
    }

    /// <summary>Ends it and everything that it has started, as <c>kill -9</c> does. Once is enough; <see cref="Exited"/> tells when they are gone.</summary>
    public void Kill()
    {
        lock (_ending)
        {
            if (_ended)
                return;
            _ended = true;
            _process.Kill();
        }
        TryEndFamily();                                       // whom it misses, the end of the process finds
        _killed.Cancel();
    }

    /// <summary>Kills it and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await ((Task)Exited).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);   // Who wants to know awaits Exited.
    }

    /// <summary>Measures memory, and ends what uses more than it may. When the system cannot say, as when no file can be opened any more, the next look follows soon.</summary>
    internal void Look(Lazy<IReadOnlyList<RunningProcess>> snapshot)
    {
        try
        {
            LookNow(snapshot);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception)
        {
            // Limits hold on.
        }
    }

    private void LookNow(Lazy<IReadOnlyList<RunningProcess>> snapshot)
    {
        if (Exited.IsCompleted)
            return;
        MemoryUse use = _family.Measure(snapshot);
        long bytes = Math.Max(use.Bytes, ResidentBytesOfLeader());
        if (bytes > Interlocked.Read(ref _memoryBytesMax))
            Interlocked.Exchange(ref _memoryBytesMax, bytes);
        if (use.Verdict is MemoryVerdict.Within)
            return;
        _wasOutOfMemory = true;
        Kill();
    }

    // A cgroup does not count the pages of programs and libraries that another one has loaded first. In a micro-VM of its own they would count.
    private long ResidentBytesOfLeader() => ProcessTable.IsThere ? ProcessTable.ReadOne(Id, _state)?.ResidentBytes ?? 0 : 0;

    private async Task RunAsync(Action<string> line)
    {
        try
        {
            _exited.SetResult(await EndAsync(line));
        }
#pragma warning disable CA1031 // Whatever it is: who waits for the end of the process gets it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _exited.SetException(fault);
        }
    }

    private async Task<ProcessExit> EndAsync(Action<string> line)
    {
        Task output = ReadAsync(line);
        await _process.WaitForExitAsync();
        await WaitAsync(output, GraceOfDescendants, _killed.Token);
        await EndFamilyAsync();
        await WaitAsync(output, Patience, CancellationToken.None);
        await _deaf.CancelAsync();
        lock (_ending)
            _ended = true;
        var exit = new ProcessExit(_process.ExitCode, _wasOutOfMemory);
        _process.Dispose();
        await output;
        return exit;
    }

    /// <summary>Delivers output. What cannot be delivered would fill the pipe and stop the process: it ends instead.</summary>
    private async Task ReadAsync(Action<string> line)
    {
        _process.StandardInput.Close();
        _process.StandardError.Close();
        try
        {
            await using Stream output = _process.StandardOutput.BaseStream;
            await ProcessOutput.ReadAsync(output, line, _deaf.Token);
        }
        catch
        {
            Kill();
            throw;
        }
    }

    private async Task EndFamilyAsync()
    {
        long begun = _host.Time.GetTimestamp();
        while (!TryEndFamily() && _host.Time.GetElapsedTime(begun) < Patience)
            await Task.Delay(BetweenKills, _host.Time, CancellationToken.None);
        _wasOutOfMemory |= _family.Verdict() is MemoryVerdict.Exceeded;
        while (!_family.TryRemove() && _host.Time.GetElapsedTime(begun) < Patience)
            await Task.Delay(BetweenKills, _host.Time, CancellationToken.None);
        _host.Forget(this);
        _state.Dispose();
    }

    /// <summary>False when some were found, who may have started others, and when the system could not say, as when no file can be opened any more.</summary>
    private bool TryEndFamily()
    {
        try
        {
            return _family.Kill() == 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Waits for the end of the output, not longer than told.</summary>
    private async Task WaitAsync(Task output, TimeSpan atMost, CancellationToken hurry)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(hurry);
        await Task.WhenAny(output, Task.Delay(atMost, _host.Time, enough.Token));
        await enough.CancelAsync();
    }
}
