using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;

namespace LambdaStreamRunner.Benchmarks.Starting;

/// <summary>A program that was built beside this one, from its start to its end.</summary>
internal sealed class StartedProgram : IDisposable
{
    private static readonly byte[] Request = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly int _port;
    private readonly long _started;
    private readonly TaskCompletionSource<TimeSpan> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StartedProgram(string name, int port, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path.ChangeExtension(PathOf(name), null), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        _port = port;
        _started = Stopwatch.GetTimestamp();
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => NoteReady(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Resident memory now, in MB.</summary>
    public double ResidentMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>CPU time so far, of all threads.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>A path that the build has told.</summary>
    public static string PathOf(string name) =>
        typeof(StartedProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == name).Value!;

    /// <summary>Starts a program with a port that is free.</summary>
    public static StartedProgram Start(string name, Func<int, string[]> arguments)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        return new StartedProgram(name, port, arguments(port));
    }

    /// <summary>Time from the start of the process to the first answer on its port.</summary>
    public async Task<TimeSpan> FirstAnswerAsync()
    {
        while (Stopwatch.GetElapsedTime(_started) < Patience && !_process.HasExited)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, _port);
                await client.GetStream().WriteAsync(Request);
                if (await client.GetStream().ReadAsync(new byte[1024]) > 0)
                    return Stopwatch.GetElapsedTime(_started);
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);   // nobody listens yet
            }
        }
        throw new InvalidOperationException($"{_process.StartInfo.FileName} did not answer.");
    }

    /// <summary>Time from the start of the process until <c>run</c> says that everything is started, mappings included.</summary>
    public Task<TimeSpan> ReadyAsync() => _ready.Task.WaitAsync(Patience, TimeProvider.System);

    private void NoteReady(string? line)
    {
        if (line?.StartsWith("Kinesis endpoint: ", StringComparison.Ordinal) == true)
            _ready.TrySetResult(Stopwatch.GetElapsedTime(_started));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
