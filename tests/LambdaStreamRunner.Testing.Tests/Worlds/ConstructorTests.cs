using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Testing.Tests.Worlds;

/// <summary>A handler is made within the first invocation of its environment, and what goes wrong there is that invocation's.</summary>
public class ConstructorTests
{
    [Fact]
    public async Task A_constructor_that_blocks_its_thread_is_named()
    {
        using var release = new ManualResetEventSlim();
        StreamTest test = StreamTest.For(_ =>
        {
            release.Wait();
            return (Stream _) => { };
        }).RealTimeBudget(TimeSpan.FromMilliseconds(50)).Put("order-1", "placed");

        StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(test.RunUntilIdleAsync);
        release.Set();

        Assert.StartsWith("The constructor of environment 0 has blocked its thread", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_constructor_that_throws_fails_the_invocation_and_is_called_again_for_the_next()
    {
        StreamTest test = StreamTest.For(environment => environment.Number == 0 ? throw new InvalidOperationException("No table is configured.") : (Stream _) => { })
            .Put("order-1", "placed");

        await test.RunUntilIdleAsync();

        Assert.Equal(["placed", "placed"], test.Invocations);
        var failed = Assert.IsType<BatchOutcome.Failed>(test.Run.Calls[0].Outcome);
        Assert.StartsWith("InvalidOperationException: No table is configured. (thrown by the constructor of environment 0)", failed.Error, StringComparison.Ordinal);
        Assert.Contains(nameof(ConstructorTests), failed.Error, StringComparison.Ordinal);
        Assert.IsType<BatchOutcome.Succeeded>(test.Run.Calls[1].Outcome);
    }

    [Fact]
    public async Task A_constructor_that_always_throws_breaks_a_promise_and_the_report_says_what_it_threw()
    {
        StreamTest test = StreamTest.For(_ => throw new InvalidOperationException("No table is configured."))
            .Given(Records.Of("order-1", "placed"))
            .Explore(1);

        StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(() => test.RunAsync());

        Assert.NotNull(failure.Promise);
        Assert.Contains("InvalidOperationException: No table", failure.Message, StringComparison.Ordinal);
    }
}
