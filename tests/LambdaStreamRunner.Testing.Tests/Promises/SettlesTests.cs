namespace LambdaStreamRunner.Testing.Tests.Promises;

/// <summary>What is tried for ever is never settled, and that is told as it is.</summary>
public class SettlesTests
{
    [Fact]
    public async Task A_poison_record_that_is_retried_for_ever_breaks_the_promise_that_everything_settles()
    {
        StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(() => Poisoned().Expect(Delivery.Settles).Explore(3).RunAsync());

        Assert.Equal("Delivery.Settles", failure.Promise);
        Assert.Contains("it is still tried", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_still_tried_is_not_lost() => await Poisoned().Expect(Delivery.NothingLost).Explore(3).RunAsync();

    [Fact]
    public async Task Faults_do_not_count_against_the_time_to_settle() =>
        await StreamTest.For((Stream _) => { }).Given(Records.RoundRobin(2, 4)).Within(TimeSpan.FromSeconds(70))
            .Under(Faults.HandlerThrows(0.9).Throttles(0.5)).Expect(Delivery.Settles, Delivery.NothingLost).Explore(200).RunAsync();

    private static StreamTest Poisoned() =>
        StreamTest.For((Stream _) => { }).Given(Records.Of("key", "r1", "r2").Poison("key", 1)).Within(TimeSpan.FromMinutes(5));
}
