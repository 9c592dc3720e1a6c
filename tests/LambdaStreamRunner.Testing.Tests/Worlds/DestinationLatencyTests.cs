using LambdaStreamRunner.Core.Histories;

namespace LambdaStreamRunner.Testing.Tests.Worlds;

/// <summary>A destination takes its time, and what happens meanwhile is explored.</summary>
public class DestinationLatencyTests
{
    [Fact]
    public async Task A_crash_between_a_discard_and_its_delivery_discards_the_batch_again()
    {
        int again = 0;
        await StreamTest.For((Stream _) => { }).Given(Records.Of("key", "r1", "r2").Poison("key", 1)).Mapping(mapping => mapping with { MaximumRetryAttempts = 0 })
            .OnFailureDestination().Under(Faults.DestinationLatency(5_000).RunnerCrash())
            .Expect("what is discarded again", run =>
            {
                if (run.History.OfType<HistoryStep.DiscardSettled>().Count() < run.Discards.Count())
                    Interlocked.Increment(ref again);
                return null;
            })
            .Explore(300).RunAsync();

        Assert.InRange(again, 30, 300);
    }
}
