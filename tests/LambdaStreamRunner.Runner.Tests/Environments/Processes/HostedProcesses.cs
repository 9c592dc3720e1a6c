using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>Tests that hold with cgroups, where the machine lets us make them, and without.</summary>
public abstract class HostedProcesses : IDisposable
{
    private readonly Lazy<ProcessHost> _host;

    protected HostedProcesses() => _host = new(() => new ProcessHost(TimeProvider.System, Confinement));

    internal abstract Confinement Confinement { get; }

    /// <summary>A folder of the test's own.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("hosted-").FullName;

    internal ProcessHost Host => _host.Value;

    public void Dispose()
    {
        if (_host.IsValueCreated)
            _host.Value.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
