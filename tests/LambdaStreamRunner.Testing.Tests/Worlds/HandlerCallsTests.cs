namespace LambdaStreamRunner.Testing.Tests.Worlds;

public class HandlerCallsTests
{
    [Fact]
    public async Task No_invocation_lasts_longer_than_the_timeout_whether_it_throws_before_or_after_its_work()
    {
        var durations = new System.Collections.Concurrent.ConcurrentBag<TimeSpan?>();

        await StreamTest.For((Stream _) => { })
            .Mapping(mapping => mapping with { MaximumRetryAttempts = 0 })
            .OnFailureDestination()
            .Given(Records.Of("order-1", "placed"))
            .Under(Faults.HandlerLatency(5_000, 5_000).HandlerThrows(1))
            .Explore(20)
            .Expect("timed", run =>
            {
                durations.Add(run.Calls[0].End - run.Calls[0].Time);
                return null;
            })
            .RunAsync();

        Assert.All(durations, duration => Assert.Equal(TimeSpan.FromSeconds(3), duration));
    }
}
