using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Testing.Tests;

/// <summary>What cannot be meant is refused, and never passes.</summary>
public class StreamTestMisuseTests
{
    [Fact]
    public async Task A_test_without_records_is_refused()
    {
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Test().RunAsync());

        Assert.Contains("Nothing is put", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_step_by_step_is_not_explored() =>
        Assert.Contains("Verify()", (await Assert.ThrowsAsync<InvalidOperationException>(() => Test().Put("order-1", "placed").RunAsync())).Message, StringComparison.Ordinal);

    [Fact]
    public void Settings_are_made_before_the_first_step()
    {
        StreamTest test = Test().Put("order-1", "placed");
        Func<StreamTest>[] settings =
        [
            () => test.Mapping(mapping => mapping with { BatchSize = 1 }), () => test.Given(Records.RoundRobin(1, 1)), () => test.Under(Faults.None), () => test.Shards(2),
            () => test.Function(function => function), () => test.OnFailureDestination(), () => test.Within(TimeSpan.FromHours(1)), () => test.Explore(5), () => test.Seed(5),
            () => test.Schedule("random-5"), () => test.Retention(TimeSpan.FromHours(1)), () => test.Lanes(LaneAssignment.ByPolicy), () => test.RealTimeBudget(TimeSpan.FromSeconds(1)),
        ];

        Assert.All(settings, setting => Assert.Contains("This test has begun", Assert.Throws<InvalidOperationException>(setting).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Faults_that_would_never_strike_are_refused()
    {
        Assert.Throws<InvalidOperationException>(() => Test().Under(Faults.HandlerThrows(1)).Put("order-1", "placed"));
        Assert.Throws<InvalidOperationException>(() => Test().Under(Faults.RunnerCrash()).Now);
        Test().Under(Faults.HandlerLatency(50, 50)).Put("order-1", "placed");
    }

    [Fact]
    public void Times_are_longer_than_none()
    {
        Func<TimeSpan, StreamTest>[] settings =
        [
            time => Test().Within(time), time => Test().Retention(time), time => Test().RealTimeBudget(time), time => Test().Function(function => function with { Timeout = time }),
        ];

        Assert.All(settings, setting =>
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => setting(TimeSpan.Zero));
            Assert.Throws<ArgumentOutOfRangeException>(() => setting(TimeSpan.FromHours(-1)));
        });
    }

    [Theory]
    [InlineData(-0.5)]
    [InlineData(1.5)]
    [InlineData(301)]
    public void A_window_is_of_whole_seconds_up_to_300(double seconds)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => Test().Mapping(mapping => mapping with { MaximumBatchingWindow = TimeSpan.FromSeconds(seconds) }));

        Assert.StartsWith("MaximumBatchingWindow is", refused.Message, StringComparison.Ordinal);
        Assert.Contains("AWS takes 0 to 300 whole seconds.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mapping_does_not_begin_in_the_future()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => Test().Mapping(mapping => mapping with
        {
            StartingPosition = StartingPosition.AtTimestamp,
            StartingPositionTimestamp = new DateTimeOffset(2026, 1, 1, 0, 0, 3, TimeSpan.Zero),
        }));

        Assert.Contains("which is in the future", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task To_expect_no_discards_is_to_allow_none()
    {
        StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(() => Refusing().Given(Records.Of("order-1", "placed")).ExpectDiscarded().Explore(3).RunAsync());

        Assert.Contains("placed was given up and not expected to be", failure.Message, StringComparison.Ordinal);
        File.Delete(failure.ReplayFile!);
    }

    [Fact]
    public async Task Discards_may_be_named_before_the_records_are_given()
    {
        await Refusing().ExpectDiscarded("placed").Given(Records.Of("order-1", "placed")).Explore(3).RunAsync();

        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Refusing().ExpectDiscarded("paid").Given(Records.Of("order-1", "placed")).Explore(3).RunAsync());
        Assert.Contains("no record is called paid. There are placed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_with_the_same_payload_are_told_apart()
    {
        StreamTest test = Refusing().Given(Records.Of("a", "placed").Then(Records.Of("b", "placed", "paid")));

        await test.ExpectDiscarded("a#1", "b#1", "paid").Explore(3).RunAsync();
        Assert.Throws<ArgumentException>(() => Test().Given(Records.Of("a", "b#1", "c").Then(Records.Of("b", "c"))));
    }

    [Fact]
    public async Task One_test_does_one_thing_at_a_time()
    {
        using var entered = new SemaphoreSlim(0);
        using var go = new ManualResetEventSlim();
        StreamTest test = StreamTest.For(_ => (Stream _) =>
        {
            entered.Release();
            go.Wait();
        }).Put("order-1", "placed");
        Task first = test.RunUntilIdleAsync();
        await entered.WaitAsync(TestContext.Current.CancellationToken);

        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => test.AdvanceAsync(TimeSpan.FromSeconds(1)));
        go.Set();
        await first;

        Assert.Contains("await each call before the next one", refused.Message, StringComparison.Ordinal);
        await test.AdvanceAsync(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task All_promises_but_some_are_expected()
    {
        StreamTest Losing() => StreamTest.For(_ => Refuse).Mapping(mapping => mapping with { MaximumRetryAttempts = 0 }).Given(Records.Of("order-1", "placed")).Explore(2);

        await Losing().ExpectAllBut(Delivery.NothingLost).RunAsync();
        StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(() => Losing().ExpectAllBut(Order.Effects).RunAsync());

        Assert.Equal(Delivery.NothingLost.Name, failure.Promise);
        File.Delete(failure.ReplayFile!);
    }

    private static StreamTest Test() => StreamTest.For(_ => (Stream _) => { });

    private static StreamTest Refusing() => StreamTest.For(_ => Refuse).Mapping(mapping => mapping with { MaximumRetryAttempts = 0 }).OnFailureDestination();

    private static void Refuse(Stream input) => throw new InvalidOperationException("no");
}
