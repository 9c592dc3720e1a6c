namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>How long a test with real processes may take: nothing takes so long unless it hangs, on the busiest machine.</summary>
internal static class Patience
{
    public const int Milliseconds = 120_000;
}
