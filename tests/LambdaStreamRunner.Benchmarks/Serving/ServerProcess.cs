using System.Diagnostics;

namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>A server in a process of its own, so that its memory and its CPU are its own. It has the stream of the benchmark.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Resident memory now, in MB.</summary>
    public double ResidentMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1e6;
        }
    }

    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<ServerProcess> StartAsync(Served served)
    {
        if (served is Served.Kinesalite or Served.KinesisLocal)
        {
            (Process peer, Uri peerAddress) = await Peer.StartAsync(served);
            return new ServerProcess(peer, peerAddress);
        }
        Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [ServedEndpoint.Argument, served.ToString()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        string? address = await process.StandardOutput.ReadLineAsync();
        return new ServerProcess(process, new Uri(address ?? throw new InvalidOperationException("The server did not say where it listens.")));
    }

    public void Dispose()
    {
        if (_process.StartInfo.RedirectStandardInput)
            _process.StandardInput.Close();                   // ours stops by itself
        else
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
