using System.Diagnostics;

namespace LambdaStreamRunner.FunctionHost;

/// <summary>Waiting for a debugger, so that it also sees how the function starts.</summary>
internal static class DebuggerWait
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns at once unless LAMBDA_STREAM_WAIT_FOR_DEBUGGER is 1.</summary>
    public static void UntilAttachedIfAskedFor()
    {
        if (!HostVariables.WaitForDebugger)
            return;

        Console.Out.WriteLine($"Waiting for a debugger to attach to process {Environment.ProcessId}.");
        while (!Debugger.IsAttached)
            Task.Delay(BetweenLooks, TimeProvider.System).GetAwaiter().GetResult();
    }
}
