using System.Collections.Concurrent;
using System.Text.Json;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

public class StreamRunnerTests
{
    [Fact]
    public async Task A_handler_that_runs_past_its_Timeout_has_failed_and_its_batch_is_tried_again()
    {
        int calls = 0;
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        StreamRunnerOptions options = new StreamRunnerOptions()
            .AddStream("clicks")
            .AddFunction("Clicks", async (ClickEvent _) =>
            {
                if (Interlocked.Increment(ref calls) == 1)
                    await released.Task;
            }, timeout: TimeSpan.FromMilliseconds(50))
            .AddMapping("clicks", "Clicks");
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        runner.Put("clicks", "a", "1");

        await runner.DrainAsync();
        released.SetResult();

        MappingSummary summary = Assert.Single(runner.Summarize().Mappings);
        Assert.Equal((1, 1, 1), (summary.Succeeded, summary.FailedInvocations, summary.Retries));
    }

    [Fact]
    public async Task A_handler_that_goes_on_long_after_its_Timeout_is_counted_and_warned_of()
    {
        int calls = 0;
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ConcurrentQueue<string> warnings = [];
        StreamRunnerOptions options = new StreamRunnerOptions { FunctionListener = new FunctionListener { Warning = warnings.Enqueue } }
            .AddStream("clicks")
            .AddFunction("Clicks", async (ClickEvent _) =>
            {
                if (Interlocked.Increment(ref calls) == 1)
                    await released.Task;
            }, timeout: TimeSpan.FromMilliseconds(50))
            .AddMapping("clicks", "Clicks");
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        runner.Put("clicks", "a", "1");

        await runner.DrainAsync();
        released.SetResult();

        Assert.Contains("still running", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(runner.Summarize().Mappings).StuckHandlers);
    }

    [Fact]
    public async Task Handlers_that_block_their_thread_run_side_by_side_at_once()
    {
        const int Lanes = 20;
        using var together = new Barrier(Lanes);
        StreamRunnerOptions options = new StreamRunnerOptions()
            .AddStream("clicks", shardCount: 2)
            .AddFunction("Clicks", (ClickEvent _) =>
            {
                if (!together.SignalAndWait(TimeSpan.FromSeconds(4)))
                    throw new InvalidOperationException("Nobody came.");
            }, timeout: TimeSpan.FromSeconds(60))
            .AddMapping("clicks", "Clicks", mapping => mapping with
            {
                BatchSize = 1,
                ParallelizationFactor = Lanes / 2,
                LanePolicy = LanePolicy.DynamicKeys,
                MaximumRetryAttempts = 0,
            });
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        int[] perShard = new int[2];
        for (int key = 0; perShard.Sum() < Lanes; key++)
        {
            int shard = ShardOf(runner, $"key-{key}");
            if (perShard[shard] < Lanes / 2)
            {
                perShard[shard]++;
                runner.Put("clicks", $"key-{key}", "1");
            }
        }

        await runner.DrainAsync();

        Assert.Equal((Lanes, 0), (runner.Summarize().Mappings[0].Succeeded, runner.Summarize().Mappings[0].Discarded));
    }

    [Fact]
    public async Task LATEST_sees_only_what_is_put_after_the_start()
    {
        var handler = new ClickHandler();
        await using StreamRunner runner = TestRunner.Of(OptionsOf(handler, mapping => mapping with { StartingPosition = StartingPosition.Latest }));
        runner.Streams.Create("clicks", 1);
        runner.Put("clicks", "a", "old");

        await runner.StartAsync(TestContext.Current.CancellationToken);
        runner.Put("clicks", "a", "new");
        await runner.DrainAsync();

        Assert.Equal(["new"], handler.Texts);
    }

    [Fact]
    public async Task AT_TIMESTAMP_sees_what_arrived_at_that_time_or_later()
    {
        var handler = new ClickHandler();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        await using StreamRunner runner = TestRunner.Of(
            OptionsOf(handler, mapping => mapping with
            {
                StartingPosition = StartingPosition.AtTimestamp,
                StartingPositionTimestamp = time.GetUtcNow().AddSeconds(5),
            }),
            time);
        runner.Streams.Create("clicks", 1);
        foreach (string text in (string[])["before", "at", "after"])
        {
            runner.Put("clicks", "a", text);
            time.Advance(TimeSpan.FromSeconds(5));
        }

        await runner.StartAsync(TestContext.Current.CancellationToken);
        await runner.DrainAsync();

        Assert.Equal(["at", "after"], handler.Texts);
    }

    [Fact]
    public async Task What_is_given_up_is_written_to_the_on_failure_file()
    {
        string folder = Directory.CreateTempSubdirectory("runner-").FullName;
        string file = Path.Combine(folder, "failed", "clicks.jsonl");
        try
        {
            StreamRunnerOptions options = new StreamRunnerOptions()
                .AddStream("clicks")
                .AddFunction("Clicks", (ClickEvent clicks) =>
                {
                    if (clicks.Records.Any(record => record.Kinesis.Text == "bad"))
                        throw new FormatException("That one.");
                })
                .AddMapping("clicks", "Clicks", mapping => mapping with { BisectBatchOnFunctionError = true, MaximumRetryAttempts = 0 }, new OnFailureDestination.File(file));
            await using StreamRunner runner = await TestRunner.StartedAsync(options);
            foreach (string text in (string[])["good", "bad", "good"])
                runner.Put("clicks", "a", text);

            await runner.DrainAsync();

            MappingSummary summary = Assert.Single(runner.Summarize().Mappings);
            Assert.Equal((2, 1, 0), (summary.Succeeded, summary.Discarded, summary.Unsettled));
            string line = Assert.Single(await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken));
            Assert.Equal("RetryAttemptsExhausted", JsonDocument.Parse(line).RootElement.GetProperty("requestContext").GetProperty("condition").GetString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_and_nothing_is_left_running()
    {
        await using StreamRunner first = await TestRunner.StartedAsync(new StreamRunnerOptions { Port = 0 });
        var handler = new ClickHandler();
        StreamRunnerOptions options = OptionsOf(handler);
        options.Port = first.Endpoint!.Port;
        await using StreamRunner second = TestRunner.Of(options);

        await Assert.ThrowsAsync<ListenerException>(() => second.StartAsync(TestContext.Current.CancellationToken));

        Assert.Null(second.Endpoint);
        Assert.Empty(second.Mappings);
    }

    [Fact]
    public async Task An_address_that_is_not_this_machines_is_told_like_a_port_that_is_taken()
    {
        await using StreamRunner runner = TestRunner.Of(new StreamRunnerOptions { Port = 0, Host = "192.0.2.1" });

        await Assert.ThrowsAsync<ListenerException>(() => runner.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_delegate_that_Lambda_could_not_call_is_refused_before_anything_starts()
    {
        await using StreamRunner runner = TestRunner.Of(new StreamRunnerOptions { Port = 0 }
            .AddStream("clicks").AddFunction("Clicks", new Action<int, int, int>((_, _, _) => { })).AddMapping("clicks", "Clicks"));

        await Assert.ThrowsAsync<FunctionLoadException>(() => runner.StartAsync(TestContext.Current.CancellationToken));

        Assert.Null(runner.Endpoint);
    }

    [Fact]
    public async Task A_status_names_what_a_mapping_waits_for()
    {
        StreamRunnerOptions options = new StreamRunnerOptions()
            .AddStream("clicks")
            .AddFunction("Clicks", new Action<ClickEvent>(_ => throw new FormatException("Always.")))
            .AddMapping("clicks", "Clicks", mapping => mapping with { BatchSize = 1 });
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        runner.Put("clicks", "a", "1");
        using var patience = new CancellationTokenSource(TestRunner.Patience);
        ShardStatus shard;
        do
        {
            await Task.Yield();
            shard = (await runner.GetStatusAsync(patience.Token)).Single().Value.Single().Value;
        }
        while (shard.Lanes.IsEmpty || shard.Lanes[0].State is not LaneState.BackingOff);

        Assert.Equal("a", shard.Lanes[0].FirstRecord!.Value.PartitionKey);
        Assert.NotNull(shard.Lanes[0].NextAttempt);
        Assert.Equal(1, Assert.Single(runner.Progress()).Known);
        await runner.StopAsync(patience.Token);
        Assert.Equal(1, Assert.Single(runner.Summarize().Mappings).Unsettled);
    }

    [Fact]
    public async Task Reported_items_are_tried_again_from_the_lowest_one_on()
    {
        ConcurrentQueue<string> calls = [];
        StreamRunnerOptions options = new StreamRunnerOptions()
            .AddStream("clicks")
            .AddFunction("Clicks", (ClickEvent clicks) =>
            {
                calls.Enqueue(string.Join(' ', clicks.Records.Select(record => record.Kinesis.Text)));
                object[] failures = calls.Count == 1 ? [new { itemIdentifier = clicks.Records[1].Kinesis.SequenceNumber }] : [];
                return new { batchItemFailures = failures };
            })
            .AddMapping("clicks", "Clicks", mapping => mapping with { FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures] });
        await using StreamRunner runner = TestRunner.Of(options);
        runner.Streams.Create("clicks", 1);
        foreach (string text in (string[])["1", "2", "3"])
            runner.Put("clicks", "a", text);

        await runner.StartAsync(TestContext.Current.CancellationToken);
        await runner.DrainAsync();

        Assert.Equal(["1 2 3", "2 3"], calls);
    }

    [Fact]
    public async Task Progress_says_when_it_is_a_window_that_is_waited_for()
    {
        await using StreamRunner runner = await TestRunner.StartedAsync(
            OptionsOf(new ClickHandler(), mapping => mapping with { MaximumBatchingWindow = TimeSpan.FromMinutes(5) }));
        runner.Put("clicks", "a", "1");
        using var patience = new CancellationTokenSource(TestRunner.Patience);
        while ((await runner.GetStatusAsync(patience.Token)).Single().Value.Single().Value.HeldRecords == 0)
            await Task.Yield();

        MappingProgress progress = Assert.Single(runner.Progress());

        Assert.Equal((0, 1, 0), (progress.Settled, progress.Known, progress.InFlight));
        Assert.Matches(@"a window or the next try, (2[5-9]\d|300) s left; --speed shortens it", progress.WaitsFor);
    }

    [Fact]
    public async Task A_fault_of_the_runner_itself_ends_all_waiting()
    {
        StreamRunnerOptions options = new StreamRunnerOptions()
            .AddStream("clicks")
            .AddFunction("Clicks", new Action<ClickEvent>(_ => throw new FormatException("Always.")))
            .AddMapping("clicks", "Clicks");
        using var loggers = new BrokenLoggers();
        await using var runner = new StreamRunner(options, TimeProvider.System, loggers);
        await runner.StartAsync(TestContext.Current.CancellationToken);
        Task waiting = runner.WaitForFaultAsync(TestContext.Current.CancellationToken);
        runner.Put("clicks", "a", "1");

        var fault = await Assert.ThrowsAsync<MappingFaultException>(() => waiting.SoonAsync());

        Assert.Equal("clicks → Clicks: The log is broken.", fault.Message);
        await Assert.ThrowsAsync<MappingFaultException>(() => runner.DrainAsync());
    }

    [Fact]
    public async Task A_mapping_that_failed_is_logged_and_the_others_stop_as_ever()
    {
        var handler = new ClickHandler();
        StreamRunnerOptions options = OptionsOf(handler)
            .AddStream("orders")
            .AddFunction("Orders", new Action<ClickEvent>(_ => throw new FormatException("Always.")))
            .AddMapping("orders", "Orders");
        using var loggers = new BrokenLoggers();
        await using var runner = new StreamRunner(options, TimeProvider.System, loggers);
        await runner.StartAsync(TestContext.Current.CancellationToken);
        Task waiting = runner.WaitForFaultAsync(TestContext.Current.CancellationToken);
        runner.Put("orders", "a", "1");
        await Assert.ThrowsAsync<MappingFaultException>(() => waiting.SoonAsync());
        runner.Put("clicks", "a", "1");
        using var patience = new CancellationTokenSource(TestRunner.Patience);
        while (handler.Seen.Count == 0 && !patience.IsCancellationRequested)
            await Task.Yield();

        await runner.StopAsync(CancellationToken.None).SoonAsync();

        (string message, Exception? fault) = Assert.Single(loggers.Heard);
        Assert.Equal("orders → Orders: ended by a fault of the runner, not of the function.", message);
        Assert.Equal("The log is broken.", fault?.Message);
        MappingSummary[] summaries = [.. runner.Summarize().Mappings];
        Assert.Equal((1, 0), (summaries[0].Succeeded, summaries[0].Unsettled));
        Assert.Equal((0, 1), (summaries[1].Succeeded, summaries[1].Unsettled));
    }

    private static StreamRunnerOptions OptionsOf(ClickHandler handler, Func<EventSourceMapping, EventSourceMapping>? change = null) =>
        new StreamRunnerOptions().AddStream("clicks").AddFunction("Clicks", handler.HandleAsync).AddMapping("clicks", "Clicks", change);

    private static int ShardOf(StreamRunner runner, string key)
    {
        byte[] utf8 = System.Text.Encoding.UTF8.GetBytes(key);
        return runner.Streams.Get("clicks").Records.ShardFor(Core.Streams.HashKeyRange.HashOf(utf8)).Index;
    }
}
