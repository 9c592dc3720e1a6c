using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>Tests that hold with cgroups, where the machine lets us make them, and without.</summary>
public abstract class HostedProcesses : IDisposable
{
    private readonly Lazy<ProcessHost> _host;

    protected HostedProcesses() => _host = new(() => new ProcessHost(TimeProvider.System, Confinement));

    internal abstract Confinement Confinement { get; }

    internal ProcessHost Host => _host.Value;

    public void Dispose()
    {
        if (_host.IsValueCreated)
            _host.Value.Dispose();
        GC.SuppressFinalize(this);
    }
}
