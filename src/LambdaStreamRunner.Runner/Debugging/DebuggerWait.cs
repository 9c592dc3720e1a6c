using System.Diagnostics;

namespace LambdaStreamRunner.Runner.Debugging;

/// <summary>Waiting until a debugger is attached to this process, which it does not tell by itself.</summary>
internal sealed class DebuggerWait(TimeProvider time)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>Tests decide this themselves.</summary>
    public Func<bool> IsAttached { get; init; } = () => Debugger.IsAttached;

    /// <summary>Returns at once when one is attached.</summary>
    /// <param name="function">What it is to be attached for.</param>
    /// <param name="say">Hears which process it is.</param>
    /// <param name="stopping">Ends the waiting.</param>
    public async Task UntilAttachedAsync(string function, Action<string>? say, CancellationToken stopping)
    {
        if (IsAttached())
            return;
        say?.Invoke($"{function}: waiting for the .NET debugger of your IDE to attach to process {Environment.ProcessId}, in which it runs.");
        while (!IsAttached())
            await Task.Delay(BetweenLooks, time, stopping);
    }
}
