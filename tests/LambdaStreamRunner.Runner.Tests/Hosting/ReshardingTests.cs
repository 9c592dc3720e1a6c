using System.Collections.Concurrent;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.StreamServer;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>A mapping reads a child shard only after its parents: order per key holds across every reshard.</summary>
public class ReshardingTests
{
    [Fact]
    public async Task Order_per_key_holds_while_the_stream_is_split_merged_and_rescaled()
    {
        var handler = new ClickHandler();
        StreamRunnerOptions options = new StreamRunnerOptions()
            .AddStream("clicks", shardCount: 2)
            .AddFunction("Clicks", handler.HandleAsync)
            .AddMapping("clicks", "Clicks", mapping => mapping with { BatchSize = 3, ParallelizationFactor = 3 });
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        EmbeddedStream stream = runner.Streams.Get("clicks");

        Reshard?[] reshards = [new Reshard.Update(4), new Reshard.Merge(2, 3), new Reshard.Update(3), new Reshard.Update(2), null];
        int round = 0;
        foreach (Reshard? reshard in reshards)
        {
            for (int i = 0; i < 40; i++, round++)
                runner.Put("clicks", $"key-{round % 10}", $"{round}");
            if (reshard is not null)
                stream.BeginReshard(reshard is Reshard.Merge ? Neighbours(stream) : reshard);
        }
        await runner.DrainAsync();

        Assert.Equal(Enumerable.Range(0, round), handler.Texts.Select(int.Parse).Order());
        foreach (IGrouping<string, int> key in handler.Seen.GroupBy(click => click.PartitionKey, click => int.Parse(click.Text)))
            Assert.Equal(key.Order(), key);
        Assert.Equal(0, Assert.Single(runner.Summarize().Mappings).OrderViolations);
    }

    [Fact]
    public async Task S_92_children_begin_when_their_parents_have_ended_and_run_side_by_side()
    {
        var handler = new GatedHandler();
        StreamRunnerOptions options = new StreamRunnerOptions()
            .AddStream("clicks")
            .AddFunction("Clicks", handler.HandleAsync, timeout: TimeSpan.FromSeconds(60))
            .AddMapping("clicks", "Clicks", mapping => mapping with { BatchSize = 1 });
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        EmbeddedStream stream = runner.Streams.Get("clicks");
        string[] keys = [.. KeysOfHalves()];

        runner.Put("clicks", keys[0], "parent");
        await handler.BegunAsync("parent");
        stream.BeginReshard(new Reshard.Update(2));
        runner.Put("clicks", keys[0], "left");
        runner.Put("clicks", keys[1], "right");
        handler.End("parent");
        await handler.BegunAsync("left");
        await handler.BegunAsync("right");
        stream.BeginReshard(new Reshard.Update(1));
        runner.Put("clicks", keys[0], "merged");
        handler.End("left");
        handler.End("right");
        await handler.BegunAsync("merged");
        handler.End("merged");
        await runner.DrainAsync();

        Assert.Equal(["begin parent", "end parent"], handler.Log.Take(2));
        Assert.Equal(["begin left", "begin right"], handler.Log.Skip(2).Take(2).Order());
        Assert.Equal(["end left", "end right"], handler.Log.Skip(4).Take(2).Order());
        Assert.Equal(["begin merged", "end merged"], handler.Log.Skip(6));
    }

    [Fact]
    public async Task A_mapping_from_LATEST_loses_nothing_at_a_reshard_and_sees_nothing_older()
    {
        var handler = new ClickHandler();
        StreamRunnerOptions options = new StreamRunnerOptions()
            .AddStream("clicks")
            .AddFunction("Clicks", handler.HandleAsync)
            .AddMapping("clicks", "Clicks", mapping => mapping with { StartingPosition = StartingPosition.Latest });
        await using StreamRunner runner = TestRunner.Of(options);
        EmbeddedStream stream = runner.Streams.Create("clicks", 1);
        runner.Put("clicks", "a", "old");
        stream.BeginReshard(new Reshard.Update(2));
        runner.Put("clicks", "a", "old too");
        await runner.StartAsync(TestContext.Current.CancellationToken);

        runner.Put("clicks", "a", "1");
        stream.BeginReshard(new Reshard.Update(4));
        runner.Put("clicks", "a", "2");
        stream.BeginReshard(new Reshard.Update(2));
        runner.Put("clicks", "a", "3");
        await runner.DrainAsync();

        Assert.Equal(["1", "2", "3"], handler.Texts);
    }

    [Fact]
    public async Task Records_of_children_are_not_drained_before_their_parents_are()
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int seen = 0;
        StreamRunnerOptions options = new StreamRunnerOptions()
            .AddStream("clicks")
            .AddFunction("Clicks", async (ClickEvent clicks) =>
            {
                await released.Task;
                Interlocked.Add(ref seen, clicks.Records.Count);
            }, timeout: TestRunner.Patience)
            .AddMapping("clicks", "Clicks");
        await using StreamRunner runner = await TestRunner.StartedAsync(options);
        runner.Put("clicks", "a", "1");
        runner.Streams.Get("clicks").BeginReshard(new Reshard.Update(2));
        runner.Put("clicks", "b", "2");

        Task drained = runner.DrainAsync();
        Assert.Equal(2, Assert.Single(runner.Progress()).Known);
        Assert.False(drained.IsCompleted);
        released.SetResult();
        await drained;
        Assert.Equal(2, seen);
    }

    private static Reshard.Merge Neighbours(EmbeddedStream stream)
    {
        Shard lower = stream.Records.OpenShards[1];
        return new Reshard.Merge(lower.Index, stream.Records.OpenShards[2].Index);
    }

    // One key of each half of the hash space.
    private static IEnumerable<string> KeysOfHalves()
    {
        string[] keys = [.. Enumerable.Range(0, 100).Select(i => $"key-{i}")];
        UInt128 half = UInt128.MaxValue / 2;
        yield return keys.First(key => HashKeyRange.HashOf(System.Text.Encoding.UTF8.GetBytes(key)) <= half);
        yield return keys.First(key => HashKeyRange.HashOf(System.Text.Encoding.UTF8.GetBytes(key)) > half);
    }

    /// <summary>A handler that ends when it is told to.</summary>
    private sealed class GatedHandler
    {
        private readonly ConcurrentDictionary<string, TaskCompletionSource> _begun = new();
        private readonly ConcurrentDictionary<string, TaskCompletionSource> _ended = new();

        public ConcurrentQueue<string> Log { get; } = [];

        public Task BegunAsync(string text) => Gate(_begun, text).Task.SoonAsync();

        public void End(string text) => Gate(_ended, text).SetResult();

        public async Task HandleAsync(ClickEvent clicks)
        {
            string text = clicks.Records[0].Kinesis.Text;
            Log.Enqueue($"begin {text}");
            Gate(_begun, text).SetResult();
            await Gate(_ended, text).Task;
            Log.Enqueue($"end {text}");
        }

        private static TaskCompletionSource Gate(ConcurrentDictionary<string, TaskCompletionSource> gates, string text) =>
            gates.GetOrAdd(text, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
