using System.Diagnostics;
using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>The program beside the tests that starts environments, in a session of its own as a terminal would give it one.</summary>
internal sealed class Starter : IDisposable
{
    private readonly Process _process;

    private Starter(Process process) => _process = process;

    public static Starter Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("setsid", [Path.Combine(AppContext.BaseDirectory, "starter"), .. arguments]) { RedirectStandardOutput = true };
        return new Starter(Process.Start(start)!);
    }

    public int Id => _process.Id;

    public Task<string> LineAsync() => LineWithinAsync(Patience.Most);

    public async Task<string> LineWithinAsync(TimeSpan most) =>
        await _process.StandardOutput.ReadLineAsync(Patience.Of(most)) ?? throw new InvalidOperationException("The starter has ended.");

    /// <summary>Sends a signal to its group, as a terminal does.</summary>
    public async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} -{_process.Id}"]);
        await kill.WaitForExitAsync(Patience.Token);
    }

    public Task EndedAsync() => _process.WaitForExitAsync(Patience.Token);

    public void Dispose()
    {
        Signals.KillGroup(_process.Id);
        _process.Dispose();
    }
}
