using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Polling;
using LambdaStreamRunner.StreamServer;

namespace LambdaStreamRunner.Runner.Tests.Hosting;

/// <summary>A mapping reads a stream at a remote endpoint as it reads one of its own process: here, that of another runner over HTTP.</summary>
public sealed class RemoteStreamTests : IAsyncLifetime
{
    private readonly ClickHandler _handler = new();
    private StreamRunner _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestRunner.StartedAsync(new StreamRunnerOptions { Port = 0 }.AddStream("clicks", shardCount: 2));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private EmbeddedStream Stream => _server.Streams.Get("clicks");

    private StreamRunnerOptions Options(Func<EventSourceMapping, EventSourceMapping>? change = null) => new StreamRunnerOptions()
        .AddStream("clicks", change: stream => stream with { Endpoint = _server.Endpoint!.AbsoluteUri })
        .AddFunction("Clicks", _handler.HandleAsync)
        .AddMapping("clicks", "Clicks", change);

    [Fact]
    public async Task Order_per_key_holds_while_the_stream_is_split_merged_and_rescaled()
    {
        await using StreamRunner runner = await TestRunner.StartedAsync(Options(mapping => mapping with { BatchSize = 3, ParallelizationFactor = 3 }));
        int round = 0;
        foreach (Reshard? reshard in (Reshard?[])[new Reshard.Update(4), new Reshard.Merge(2, 3), new Reshard.Update(3), null])
        {
            for (int i = 0; i < 30; i++, round++)
                _server.Put("clicks", $"key-{round % 10}", $"{round}");
            if (reshard is not null)
                Stream.BeginReshard(reshard is Reshard.Merge ? new Reshard.Merge(Stream.Records.OpenShards[1].Index, Stream.Records.OpenShards[2].Index) : reshard);
        }
        await runner.DrainAsync();

        Assert.Equal(Enumerable.Range(0, round), _handler.Texts.Select(int.Parse).Order());
        foreach (IGrouping<string, int> key in _handler.Seen.GroupBy(click => click.PartitionKey, click => int.Parse(click.Text)))
            Assert.Equal(key.Order(), key);
        Assert.Equal(0, Assert.Single(runner.Summarize().Mappings).OrderViolations);
    }

    [Fact]
    public async Task A_mapping_from_LATEST_loses_nothing_at_a_reshard_and_sees_nothing_older()
    {
        _server.Put("clicks", "a", "old");
        await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken);  // real time: LATEST is bound to a millisecond
        await using StreamRunner runner = await TestRunner.StartedAsync(Options(mapping => mapping with { StartingPosition = StartingPosition.Latest }));

        _server.Put("clicks", "a", "1");
        Stream.BeginReshard(new Reshard.Update(4));
        _server.Put("clicks", "a", "2");
        await runner.DrainAsync();

        Assert.Equal(["1", "2"], _handler.Texts);
    }

    [Fact]
    public async Task A_consumer_is_pushed_its_records_and_goes_on_with_the_children_of_its_shards()
    {
        var created = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Stream.EnsureConsumer("lambda", created);
        string consumer = $"{Stream.Arn}/consumer/lambda:{created.ToUnixTimeSeconds()}";
        await using StreamRunner runner = await TestRunner.StartedAsync(Options(mapping => mapping with { EventSourceArn = consumer }));

        _server.Put("clicks", "a", "1");
        Stream.BeginReshard(new Reshard.Update(4));
        _server.Put("clicks", "a", "2");
        await runner.DrainAsync();

        Assert.Equal(["1", "2"], _handler.Texts);
        Assert.Equal(PollingMode.Push, Assert.Single(runner.Summarize().Mappings).Polling);
    }

    [Fact]
    public async Task A_stream_that_is_deleted_is_a_problem_until_there_is_a_new_one()
    {
        await using StreamRunner runner = await TestRunner.StartedAsync(Options());
        _server.Put("clicks", "a", "before");
        await runner.DrainAsync();

        _server.Streams.Delete("clicks");
        await UntilAsync(() => runner.Problems().ContainsKey("clicks → Clicks"));
        _server.Streams.Create("clicks", 1);
        _server.Put("clicks", "a", "after");
        await UntilAsync(() => _handler.Texts.Count() == 2);

        Assert.Equal(["before", "after"], _handler.Texts);
    }

    [Fact]
    public async Task A_start_without_the_stream_fails_and_says_so()
    {
        _server.Streams.Delete("clicks");
        await using StreamRunner runner = TestRunner.Of(Options());

        ReadRefusedException missing = await Assert.ThrowsAsync<ReadRefusedException>(() => runner.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal($"clicks → Clicks: arn:aws:kinesis:us-east-1:000000000000:stream/clicks at {_server.Endpoint!.AbsoluteUri} cannot be read: Stream not found", missing.Message);
    }

    [Fact]
    public async Task Faster_time_and_streams_of_the_world_do_not_go_together()
    {
        StreamRunnerOptions options = Options();
        options.Speed = 60;
        await using StreamRunner runner = TestRunner.Of(options);

        InvalidConfigurationException refused = await Assert.ThrowsAsync<InvalidConfigurationException>(() => runner.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("Speed is 60; streams with an Endpoint have the time of the world.", refused.Message, StringComparison.Ordinal);
    }

    // What another runner does over HTTP has no event to wait for: it is looked for often, and not for ever.
    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TestRunner.Patience, TimeProvider.System);
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
    }
}
