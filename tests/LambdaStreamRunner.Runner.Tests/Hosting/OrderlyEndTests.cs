using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Environments;
using LambdaStreamRunner.Runner.Hosting;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>One thing that cannot be ended kept all that came after it from ending.</summary>
public sealed class OrderlyEndTests
{
    [Fact]
    public async Task Every_step_is_taken_in_order_and_the_first_fault_is_told()
    {
        List<string> taken = [];
        Func<ValueTask> Step(string name, bool fails = false) => async () =>
        {
            await Task.Yield();
            taken.Add(name);
            if (fails)
                throw new InvalidOperationException(name);
        };

        InvalidOperationException told = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await OrderlyEnd.OfAsync(Step("a"), Step("b", fails: true), OrderlyEnd.Of((IDisposable?)null), Step("c", fails: true), Step("d")));

        Assert.Equal(["a", "b", "c", "d"], taken);
        Assert.Equal("b", told.Message);
    }

    [Fact]
    public async Task A_step_that_fails_before_it_is_awaited_is_a_fault_like_any_other()
    {
        bool isTaken = false;

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await OrderlyEnd.OfAsync(() => throw new InvalidOperationException(), () =>
        {
            isTaken = true;
            return ValueTask.CompletedTask;
        }));

        Assert.True(isTaken);
    }

    [Fact]
    public async Task A_function_that_cannot_be_disposed_of_leaves_the_data_folder_to_the_next_run()
    {
        string code = Path.Combine(AppContext.BaseDirectory, "Restarted");   // any function of processes: none is started
        DirectoryInfo data = Directory.CreateTempSubdirectory();
        StreamRunnerOptions Options() => new StreamRunnerOptions()
            .UseDataDirectory(data.FullName)
            .AddStream("clicks")
            .AddFunction("Clicks", function => function with { Hosting = FunctionHosting.Process, Runtime = "provided.al2023", CodeUri = code, Handler = "any" })
            .AddMapping("clicks", "Clicks");
        StreamRunner runner = await TestRunner.StartedAsync(Options(), new UnendingTimers(EnvironmentPool.LookInterval));

        InvalidOperationException told = await Assert.ThrowsAsync<InvalidOperationException>(async () => await runner.DisposeAsync());

        Assert.Equal("This timer does not end.", told.Message);
        await using StreamRunner next = await TestRunner.StartedAsync(Options());
        data.Delete(recursive: true);
    }

    /// <summary>Real time, but for timers of one period, which cannot be disposed of.</summary>
    private sealed class UnendingTimers(TimeSpan unending) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            period == unending ? new UnendingTimer() : base.CreateTimer(callback, state, dueTime, period);
    }

    private sealed class UnendingTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => throw new InvalidOperationException("This timer does not end.");

        public ValueTask DisposeAsync() => throw new InvalidOperationException("This timer does not end.");
    }
}
