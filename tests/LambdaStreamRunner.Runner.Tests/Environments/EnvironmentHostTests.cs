using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Environments;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.Environments;

public sealed class EnvironmentHostTests
{
    [Fact]
    public async Task Starts_that_hang_do_not_keep_others_from_starting()
    {
        var time = new FakeTimeProvider();
        await using EnvironmentHost host = await EnvironmentHost.OpenAsync(FunctionListener.Silent, time, TestContext.Current.CancellationToken);
        List<IDisposable> hanging = [];
        Task<IDisposable> next;
        while ((next = host.TurnAsync(TestContext.Current.CancellationToken)).IsCompleted)
            hanging.Add(await next);

        time.Advance(TimeSpan.FromSeconds(2));

        (await next).Dispose();
        Assert.True(hanging.Count >= 2);
        hanging.ForEach(turn => turn.Dispose());              // giving a turn back twice gives one
        Assert.Equal(hanging.Count, await CountAsync(host, hanging.Count));
    }

    [Fact]
    public async Task A_turn_may_end_after_the_host()
    {
        var time = new FakeTimeProvider();
        EnvironmentHost host = await EnvironmentHost.OpenAsync(FunctionListener.Silent, time, TestContext.Current.CancellationToken);
        IDisposable abandoned = await host.TurnAsync(TestContext.Current.CancellationToken);
        await host.TurnAsync(TestContext.Current.CancellationToken);

        await host.DisposeAsync();

        abandoned.Dispose();
        time.Advance(TimeSpan.FromSeconds(2));                // what a timer throws ends the whole process
    }

    private static async Task<int> CountAsync(EnvironmentHost host, int most)
    {
        int count = 0;
        for (Task<IDisposable> turn; count <= most && (turn = host.TurnAsync(TestContext.Current.CancellationToken)).IsCompleted; count++)
            await turn;
        return count;
    }
}
