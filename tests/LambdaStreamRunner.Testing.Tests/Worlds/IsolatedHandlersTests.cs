namespace LambdaStreamRunner.Testing.Tests.Worlds;

public class IsolatedHandlersTests
{
    private static int _calls;

    [Fact]
    public async Task Without_isolation_environments_share_their_statics() => Assert.Equal(["1", "2"], await CountsAsync(Test()));

    [Fact]
    public async Task A_new_environment_has_fresh_statics()
    {
        Assert.Equal(["1", "1"], await CountsAsync(Test().IsolateStatics()));
        Assert.Equal(["1", "1"], await CountsAsync(Test().IsolateStatics()));
    }

    [Fact]
    public void A_lambda_with_variables_cannot_be_copied()
    {
        var mine = new List<string>();

        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(
            () => StreamTest.For(environment => (Stream _) => mine.Add($"{environment.Number}")).IsolateStatics());

        Assert.Contains("uses variables from around it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_instance_for_all_environments_cannot_be_copied() => Assert.Contains(
        "StreamTest.For(environment => ", Assert.Throws<InvalidOperationException>(() => StreamTest.For((Stream _) => { }).IsolateStatics()).Message, StringComparison.Ordinal);

    private static StreamTest Test() => StreamTest.For(environment => new Counter(environment.Effects).Handle);

    // One call, a crash, and another call.
    private static async Task<IReadOnlyList<string>> CountsAsync(StreamTest test)
    {
        _calls = 0;
        test.Put("order-1", "placed");
        await test.RunUntilIdleAsync();
        await test.CrashAsync();
        test.Put("order-1", "paid");
        await test.RunUntilIdleAsync();
        return test.Effects["calls"];
    }

    private sealed class Counter(Effects effects)
    {
        public void Handle(Stream _) => effects.Add("calls", ++_calls);
    }
}
