using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>A program of somebody else's hosts the runner, with a method of its own as handler.</summary>
public class EmbeddedInAHostTests
{
    [Fact]
    public async Task Records_put_over_HTTP_and_in_process_reach_a_delegate_in_order_per_key()
    {
        var handler = new ClickHandler();
        using IHost host = HostOf(runner => runner
            .AddStream("clicks", shardCount: 2)
            .AddFunction("Clicks", handler.HandleAsync)
            .AddMapping("clicks", "Clicks", mapping => mapping with { ParallelizationFactor = 10, BatchSize = 7 }));
        await host.StartAsync(TestContext.Current.CancellationToken);
        var runner = host.Services.GetRequiredService<StreamRunner>();

        using var http = new HttpClient { BaseAddress = runner.Endpoint };
        for (int round = 0; round < 10; round++)
        {
            await http.PutRecordsAsync("clicks", Enumerable.Range(0, 20).Select(key => ($"key-{key}", $"{2 * round}")));
            foreach (int key in Enumerable.Range(0, 20))
                runner.Put("clicks", $"key-{key}", $"{(2 * round) + 1}");
        }
        await runner.DrainAsync();
        await host.StopAsync(TestContext.Current.CancellationToken);

        ILookup<string, string> texts = handler.Seen.ToLookup(click => click.PartitionKey, click => click.Text);
        Assert.Equal(20, texts.Count);
        Assert.All(texts, key => Assert.Equal(Enumerable.Range(0, 20).Select(number => $"{number}"), key));
        MappingSummary summary = Assert.Single(runner.Summarize().Mappings);
        Assert.Equal((400, 400, 0, 0), (summary.Records, summary.Succeeded, summary.Unsettled, summary.OrderViolations));
    }

    [Fact]
    public async Task A_stop_of_the_host_waits_for_the_batch_that_runs_and_starts_no_other()
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously), released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IHost host = HostOf(runner => runner
            .AddStream("clicks")
            .AddFunction("Clicks", async (ClickEvent _) =>
            {
                started.TrySetResult();
                await released.Task;
            })
            .AddMapping("clicks", "Clicks", mapping => mapping with { BatchSize = 1 }));
        await host.StartAsync(TestContext.Current.CancellationToken);
        var runner = host.Services.GetRequiredService<StreamRunner>();
        runner.Put("clicks", "a", "1");
        runner.Put("clicks", "a", "2");
        await started.Task.SoonAsync();

        Task stop = host.StopAsync(TestContext.Current.CancellationToken);
        Assert.False(stop.IsCompleted);
        released.SetResult();
        await stop.SoonAsync();

        MappingSummary summary = Assert.Single(runner.Summarize().Mappings);
        Assert.Equal((2, 1, 1, 1), (summary.Records, summary.Succeeded, summary.Unsettled, summary.Invocations));
    }

    [Fact]
    public async Task A_stop_that_has_no_patience_abandons_a_handler_that_never_ends()
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously), never = new();
        using IHost host = HostOf(runner =>
        {
            runner.StopTimeout = TimeSpan.FromMilliseconds(50);
            runner.AddStream("clicks")
                .AddFunction("Clicks", async (ClickEvent _) =>
                {
                    started.TrySetResult();
                    await never.Task;
                }, timeout: TimeSpan.FromMinutes(15))
                .AddMapping("clicks", "Clicks");
        });
        await host.StartAsync(TestContext.Current.CancellationToken);
        var runner = host.Services.GetRequiredService<StreamRunner>();
        runner.Put("clicks", "a", "1");
        await started.Task.SoonAsync();

        await host.StopAsync(TestContext.Current.CancellationToken).SoonAsync();

        MappingSummary summary = Assert.Single(runner.Summarize().Mappings);
        Assert.Equal((1, 0, 1), (summary.Records, summary.Succeeded, summary.Unsettled));
    }

    [Fact]
    public async Task A_wrong_setting_stops_the_start_of_the_host()
    {
        using IHost host = HostOf(runner => runner
            .AddStream("clicks")
            .AddFunction("Clicks", new ClickHandler().HandleAsync)
            .AddMapping("clicks", "Clicks", mapping => mapping with { BatchSize = 0 }));

        var wrong = await Assert.ThrowsAsync<InvalidConfigurationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("EventSourceMappings[0].BatchSize is 0; AWS takes 1 to 10000.", wrong.Message, StringComparison.Ordinal);
    }

    private static IHost HostOf(Action<StreamRunnerOptions> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLambdaStreamRunner(runner =>
        {
            runner.Port = 0;
            configure(runner);
        });
        return builder.Build();
    }
}
