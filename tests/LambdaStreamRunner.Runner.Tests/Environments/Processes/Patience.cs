namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>Ends waits of tests with real processes: nothing takes so long unless it hangs, on the busiest machine.</summary>
internal static class Patience
{
    public static readonly TimeSpan Most = TimeSpan.FromMinutes(2);

    /// <summary>One that ends with the test, or after two minutes from now.</summary>
    public static CancellationToken Token => Of(Most);

    /// <summary>One that ends with the test, or after that time from now.</summary>
    public static CancellationToken Of(TimeSpan most)
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(most);
        return patience.Token;
    }
}
