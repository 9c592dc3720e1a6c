using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Hosting;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>A mapping whose stream disappears has a problem, and recovers when a stream of this name is there again.</summary>
public class DeletedStreamTests
{
    [Fact]
    public async Task A_mapping_whose_stream_was_deleted_reads_the_next_one_of_this_name_from_its_starting_position()
    {
        var handler = new ClickHandler();
        StreamRunnerOptions options = new StreamRunnerOptions()
            .AddStream("clicks")
            .AddFunction("Clicks", handler.HandleAsync)
            .AddMapping("clicks", "Clicks");
        options.Speed = 100;                                  // it looks for a new stream once a second of the run
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        runner.Put("clicks", "a", "before");
        await runner.DrainAsync();

        runner.Streams.Delete("clicks");
        await UntilAsync(() => runner.Problems().Count == 1);
        Assert.Equal([("clicks → Clicks", "the stream was deleted")], runner.Problems().Select(problem => (problem.Key, problem.Value)));
        await runner.DrainAsync();

        runner.Streams.Create("clicks", 2);
        runner.Put("clicks", "a", "after");
        await UntilAsync(() => handler.Texts.Count() == 2);
        await runner.DrainAsync();

        Assert.Equal(["before", "after"], handler.Texts);
        Assert.Empty(runner.Problems());
        Assert.Equal((2, 0), (runner.Summarize().Mappings[0].Succeeded, runner.Summarize().Mappings[0].OrderViolations));
    }

    [Fact]
    public async Task A_mapping_is_not_drained_before_it_has_read_a_stream_that_took_the_place_of_its_own_also_with_LATEST()
    {
        var handler = new ClickHandler();
        StreamRunnerOptions options = new StreamRunnerOptions()
            .AddStream("clicks")
            .AddFunction("Clicks", handler.HandleAsync)
            .AddMapping("clicks", "Clicks", mapping => mapping with { StartingPosition = StartingPosition.Latest });
        options.Speed = 100;
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        runner.Streams.Delete("clicks");
        runner.Streams.Create("clicks", 1);
        for (int number = 0; number < 10; number++)
            runner.Put("clicks", "a", $"{number}");

        await runner.DrainAsync();

        Assert.Equal(Enumerable.Range(0, 10).Select(number => $"{number}"), handler.Texts);
    }

    [Fact]
    public async Task A_mapping_can_be_stopped_while_its_stream_is_gone()
    {
        StreamRunnerOptions options = new StreamRunnerOptions()
            .AddStream("clicks")
            .AddFunction("Clicks", new ClickHandler().HandleAsync)
            .AddMapping("clicks", "Clicks", mapping => mapping with { Polling = PollingMode.Eager });
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        runner.Streams.Delete("clicks");
        await UntilAsync(() => runner.Problems().Count == 1);

        await runner.StopAsync(TestContext.Current.CancellationToken).SoonAsync();

        runner.Progress();
    }

    // What happens behind the runner's door has no event to wait for: it is looked for often, and not for ever.
    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TestRunner.Patience, TimeProvider.System);
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
    }
}
