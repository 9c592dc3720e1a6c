using System.Collections.Concurrent;
using System.Diagnostics;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>
/// The thread that starts all processes. It must live as long as this process: the signal by which children die with their parent is sent when the
/// <em>thread</em> that started them ends, and threads of the pool come and go.
/// </summary>
internal sealed class StartingThread
{
    private readonly BlockingCollection<Action> _starts = [];

    /// <summary>Starts it.</summary>
    public StartingThread() => new Thread(Run) { IsBackground = true, Name = "Starts of environments" }.Start();

    /// <summary>Starts a process there.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The system refuses.</exception>
    public Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _starts.Add(() => StartNow(start, started));
        return started.Task;
    }

    /// <summary>Ends the thread, and by that what still runs of its children.</summary>
    public void End() => _starts.CompleteAdding();

    private void Run()
    {
        foreach (Action start in _starts.GetConsumingEnumerable())
            start();
    }

    private static void StartNow(ProcessStartInfo start, TaskCompletionSource<Process> started)
    {
        try
        {
            started.SetResult(Process.Start(start)!);
        }
#pragma warning disable CA1031 // Whatever it is: who waits for the start gets it, and the next one is started here as well.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            started.SetException(exception);
        }
    }
}
