using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Starter;

/// <summary>Runs scripts side by side, and outlives them.</summary>
internal static class Stay
{
    public static async Task<int> RunAsync(ProcessHost host, string[] scripts)
    {
        foreach (string script in scripts)
            await EnvironmentProcess.StartAsync(Scripts.Start(script), Console.Out.WriteLine, host, CancellationToken.None);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        return 0;
    }
}
