using LambdaStreamRunner.Testing.Exploring;

namespace LambdaStreamRunner.Testing.Tests.Exploring;

public sealed class ShrinkerTests : IDisposable
{
    private StreamTestException? _failure;

    public void Dispose()
    {
        if (_failure?.ReplayFile is { } file)
            File.Delete(file);
    }

    [Fact]
    public async Task A_check_that_throws_when_there_is_less_is_no_smaller_example()
    {
        await Fails(StreamTest.For(_ => (Stream _) => { }).Given(Records.RoundRobin(2, 4))
            .Expect("the first call has one record", run => run.Invocations[0].Contains(' ', StringComparison.Ordinal) ? "more than one" : null));

        Assert.Contains("more than one", _failure!.Message, StringComparison.Ordinal);
        Assert.Null(_failure.InnerException);
        Assert.Equal(2, _failure.Records.Count);
    }

    [Fact]
    public async Task A_handler_that_hangs_when_it_gets_less_does_not_hide_the_failure()
    {
        await Fails(StreamTest.For(environment => async (Stream input) =>
            {
                if (CountOf(input) == 1)
                    await new TaskCompletionSource().Task;
                environment.Effects.Add("x", "wrong");
            })
            .Given(Records.RoundRobin(2, 2)).RealTimeBudget(TimeSpan.FromMilliseconds(200)));

        Assert.Equal(Order.Effects.Name, _failure!.Promise);
    }

    [Fact]
    public async Task A_handler_that_blocks_its_thread_when_it_gets_less_does_not_hide_the_failure()
    {
        await Fails(StreamTest.For(environment => (Stream input) =>
            {
                if (CountOf(input) == 1)
                    Task.Delay(TimeSpan.FromSeconds(1), environment.Time).Wait();
                environment.Effects.Add("x", "wrong");
            })
            .Given(Records.RoundRobin(2, 2)).RealTimeBudget(TimeSpan.FromMilliseconds(200)));

        Assert.Equal(Order.Effects.Name, _failure!.Promise);
    }

    [Fact]
    public async Task An_assertion_in_a_check_is_a_broken_promise()
    {
        await Fails(StreamTest.For(_ => (Stream _) => { }).Given(Records.RoundRobin(2, 4))
            .Expect("one call", run =>
            {
                Assert.Equal(7, run.Calls.Count);
                return null;
            }));

        Assert.Equal("\"one call\"", _failure!.Promise);
        Assert.IsType<Xunit.Sdk.EqualException>(_failure.InnerException);
        Assert.Contains("\"one call\" is broken: threw EqualException: Assert.Equal() Failure", _failure.Message, StringComparison.Ordinal);
        Assert.Empty(_failure.Records);
    }

    [Fact]
    public async Task Settings_and_faults_that_take_no_part_are_left_out()
    {
        await Fails(StreamTest.For(_ => (Stream _) => { })
            .Mapping(mapping => mapping with { MaximumRetryAttempts = 5, TumblingWindow = TimeSpan.FromSeconds(30) }).OnFailureDestination()
            .Given(Records.RoundRobin(2, 4)).Under(Faults.RunnerCrash(2).Throttles(0.1).HandlerThrows(0.1).EffectLatency(0))
            .Expect("no call", run => run.Calls.Count > 0 ? "one" : null));

        StoredTest stored = ReplayFile.Read(_failure!.ReplayFile!, null);

        Assert.Equal(Faults.EffectLatency(0), stored.Faults);
        Assert.False(stored.HasDestination);
        Assert.Equal((0, TimeSpan.Zero), (stored.Mapping.Settings.MaximumRetryAttempts, stored.Mapping.Settings.TumblingWindow));
    }

    [Fact]
    public async Task What_EffectsAre_throws_is_told()
    {
        await Fails(StreamTest.For(environment => (Stream _) => environment.Effects.Of("x")).Given(Records.Of("order-1", "r1", "r2"))
            .EffectsAre(record => record.Label == "r2" ? throw new FormatException("no amount") : null));

        Assert.Equal("EffectsAre", _failure!.Promise);
        Assert.IsType<FormatException>(_failure.InnerException);
        Assert.Equal(["r2"], _failure.Records);
    }

    private static int CountOf(Stream input)
    {
        using var json = System.Text.Json.JsonDocument.Parse(input);
        return json.RootElement.GetProperty("Records").GetArrayLength();
    }

    private async Task Fails(StreamTest test) => _failure = await Assert.ThrowsAsync<StreamTestException>(() => test.Explore(1).RunAsync());
}
