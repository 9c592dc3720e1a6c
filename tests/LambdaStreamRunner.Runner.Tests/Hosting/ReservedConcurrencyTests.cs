using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Telemetry;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html</summary>
public class ReservedConcurrencyTests
{
    [Fact]
    public async Task A_function_never_runs_more_often_at_once_than_its_reserved_concurrency()
    {
        var handler = new CountingHandler();
        StreamRunnerOptions options = new StreamRunnerOptions().AddStream("clicks", shardCount: 4)
            .AddFunction("Clicks", handler.HandleAsync, reservedConcurrentExecutions: 2)
            .AddMapping("clicks", "Clicks", mapping => mapping with { BatchSize = 1, MaximumRetryAttempts = 0 });
        options.Speed = 100;                                  // the pauses of throttled batches pass a hundred times faster
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        for (int i = 0; i < 100; i++)
            runner.Put("clicks", $"key-{i}", $"{i}");
        await runner.DrainAsync();

        MappingSummary summary = Assert.Single(runner.Summarize().Mappings);
        Assert.Equal((100L, 0L, 0L), (summary.Succeeded, summary.Discarded, summary.FailedInvocations));
        Assert.InRange(handler.MostAtOnce, 1, 2);
    }

    [Fact]
    public async Task S_66_a_reserved_concurrency_of_0_stops_the_stream_and_spends_no_attempt()
    {
        var handler = new ClickHandler();
        StreamRunnerOptions options = new StreamRunnerOptions().AddStream("clicks")
            .AddFunction("Clicks", handler.HandleAsync, reservedConcurrentExecutions: 0)
            .AddMapping("clicks", "Clicks", mapping => mapping with { MaximumRetryAttempts = 0, MaximumRecordAge = TimeSpan.FromSeconds(60) });
        options.Speed = 60;                                   // a minute in a second
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        runner.Put("clicks", "a", "1");
        await runner.DrainAsync();

        MappingSummary summary = Assert.Single(runner.Summarize().Mappings);
        Assert.Empty(handler.Seen);
        Assert.Equal((1L, 0L), (summary.Discarded, summary.Invocations));
        Assert.True(summary.Throttles > 0);
    }

    private sealed class CountingHandler
    {
        private int _running;
        private int _mostAtOnce;

        public int MostAtOnce => _mostAtOnce;

        public async Task HandleAsync(ClickEvent clicks)
        {
            int running = Interlocked.Increment(ref _running);
            int most;
            while ((most = _mostAtOnce) < running && Interlocked.CompareExchange(ref _mostAtOnce, running, most) != most)
                continue;
            await Task.Yield();
            Interlocked.Decrement(ref _running);
        }
    }
}
