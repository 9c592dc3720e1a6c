using System.Runtime.InteropServices;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>Ctrl+C, SIGTERM and SIGHUP: the first asks to stop, the second to abandon what is in flight.</summary>
internal sealed class Interruptions : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abandon = new();
    private int _count;

    public Interruptions() =>
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Interrupt),
        ];

    /// <summary>Fires at the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Fires at the second signal.</summary>
    public CancellationToken Abandon => _abandon.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
        _abandon.Dispose();
    }

    private void Interrupt(PosixSignalContext signal)
    {
        signal.Cancel = true;                                 // we end by ourselves, with a summary
        if (Interlocked.Increment(ref _count) == 1)
            _stop.Cancel();
        else
            _abandon.Cancel();
    }
}
