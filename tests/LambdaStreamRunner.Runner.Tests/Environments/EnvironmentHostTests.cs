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

    private static async Task<int> CountAsync(EnvironmentHost host, int most)
    {
        int count = 0;
        for (Task<IDisposable> turn; count <= most && (turn = host.TurnAsync(TestContext.Current.CancellationToken)).IsCompleted; count++)
            await turn;
        return count;
    }
}
