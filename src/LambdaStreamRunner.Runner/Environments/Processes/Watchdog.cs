using System.Diagnostics;
using System.Globalization;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>
/// A small shell that waits for the end of this process and then ends whatever is left of its environments, however this process ended: children of
/// children get no signal when it is killed. It holds the reading end of a pipe, which the kernel closes for the dead. A session of its own keeps Ctrl+C away.
/// Where there is no /proc (macOS) it ends the processes that were started, not what has left them; on Windows there is none.
/// </summary>
/// <param name="tools">Programs of this machine.</param>
/// <param name="mark">What the values of <see cref="ProcessMarks.Variable"/> of all environments begin with.</param>
/// <param name="cgroups">Folder with the cgroups of all environments; empty when there is none.</param>
internal sealed class Watchdog(StartTools tools, string mark, string cgroups) : IDisposable
{
    private const string Script = """
        trap '' HUP INT QUIT TERM TSTP
        exec >/dev/null 2>&1
        mark=$1 cgroups=$2 alive=' '
        while read -r sign id; do
          case $sign in
            +) alive="$alive$id " ;;
            -) alive="${alive%% $id *} ${alive#* $id }" ;;
          esac
        done
        end_all() {
          found=
          for id in $alive; do kill -9 "-$id" && found=1; kill -9 "$id" && found=1; done
          if [ -n "$cgroups" ]; then
            for file in "$cgroups"/*/cgroup.procs; do
              [ -e "$file" ] && while read -r id; do kill -9 "$id" && found=1; done <"$file"
            done
          fi
          for file in $(grep -lsF "$mark" /proc/[0-9]*/environ); do
            id=${file#/proc/}; kill -9 "${id%/environ}" && found=1
          done
        }
        end_all
        round=0
        while [ -n "$found" ] || { [ "$alive" != ' ' ] && [ $round -lt 3 ]; }; do
          round=$((round + 1)); [ $round -gt 100 ] && break
          sleep 0.05 || sleep 1
          end_all
        done
        [ -n "$cgroups" ] && { rmdir "$cgroups"/*/; rmdir "$cgroups"; }
        """;

    private readonly Lock _writing = new();
    private readonly HashSet<int> _alive = [];
    private Process? _shell;                                  // null before the start, and when that failed
    private bool _disposed;

    /// <summary>Starts it ahead of the first process, so that it also removes what was prepared for one that could not be started; where there is a shell.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public void Start()
    {
        lock (_writing)
        {
            if (_shell is null && !_disposed && tools.Shell is not null)
                StartAnew(_alive);
        }
    }

    /// <summary>A process has been started. It leads a group, unless this machine has no way to make one.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">Nobody watches it: the watchdog cannot be started.</exception>
    /// <exception cref="IOException">Nobody watches it: the watchdog has ended at once.</exception>
    public void Add(int processId)
    {
        lock (_writing)
        {
            if (!_disposed && tools.Shell is not null && !TryTell('+', processId))
                StartAnew([.. _alive, processId]);            // somebody has ended it: the next one is told of all that are alive
            _alive.Add(processId);
        }
    }

    /// <summary>A process has ended and nothing is left of what it started.</summary>
    public void Remove(int processId)
    {
        lock (_writing)
        {
            _alive.Remove(processId);
            TryTell('-', processId);                          // a new one will not hear of it at all
        }
    }

    /// <summary>Lets it do its work: it ends what is left, and then itself.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
            _disposed = true;
            if (_shell is null)
                return;
            _shell.StandardInput.Close();
            _shell.WaitForExit();
            _shell.Dispose();
            _shell = null;
        }
    }

    /// <summary>False when nobody listens: it has not been started, or somebody has killed it.</summary>
    private bool TryTell(char sign, int processId)
    {
        if (_shell is not { HasExited: false })
            return false;
        try
        {
            _shell.StandardInput.Write(string.Create(CultureInfo.InvariantCulture, $"{sign} {processId}\n"));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void StartAnew(IEnumerable<int> alive)
    {
        _shell?.Dispose();
        _shell = null;
        List<string> command = [.. tools.SetSid is null ? Array.Empty<string>() : [tools.SetSid], tools.Shell!, "-c", Script, "sh", mark, cgroups];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, WorkingDirectory = "/" };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin:/usr/sbin:/sbin";
        _shell = Process.Start(start)!;
        _shell.StandardInput.AutoFlush = true;
        foreach (int id in alive)
            _shell.StandardInput.Write(string.Create(CultureInfo.InvariantCulture, $"+ {id}\n"));
    }
}
