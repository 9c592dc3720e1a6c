using System.Text.Json;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Tests.Hosting;

namespace LambdaStreamRunner.Runner.Tests.Polling;

/// <summary>A mapping reads the streams of another author's Kinesis: npm's kinesalite, in a process of its own.</summary>
public sealed class KinesaliteTests : IAsyncLifetime
{
    private const int Keys = 40;

    private readonly ClickHandler _handler = new();
    private NodeService _kinesalite = null!;
    private HttpClient _http = null!;
    private int _put;

    public async ValueTask InitializeAsync()
    {
        _kinesalite = await NodeService.StartAsync("Kinesalite", "kinesalite", "kinesalite.mjs");
        _http = new HttpClient { BaseAddress = new Uri(_kinesalite.FirstLine) };
        await _http.KinesisAsync("CreateStream", new { StreamName = "clicks", ShardCount = 3 });
        await ActiveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_kinesalite is not null)
            await _kinesalite.DisposeAsync();
    }

    private StreamRunnerOptions Options(Func<EventSourceMapping, EventSourceMapping> change) => new StreamRunnerOptions()
        .AddStream("clicks", change: stream => stream with { Endpoint = _kinesalite.FirstLine })
        .AddFunction("Clicks", _handler.HandleAsync)
        .AddMapping("clicks", "Clicks", change);

    [Fact]
    public async Task Every_record_is_delivered_once_and_in_the_order_of_its_key()
    {
        await PutAsync(1_000);
        await using StreamRunner runner = await TestRunner.StartedAsync(Options(mapping => mapping with { BatchSize = 50, ParallelizationFactor = 4 }));
        await PutAsync(1_000);

        await AllDeliveredAsync(runner);
    }

    [Fact]
    public async Task Nothing_is_lost_or_out_of_order_while_shards_are_split_and_merged()
    {
        await using StreamRunner runner = await TestRunner.StartedAsync(Options(mapping => mapping with { BatchSize = 20, ParallelizationFactor = 2 }));
        await PutAsync(300);
        await SplitAsync("shardId-000000000000");             // makes 3 and 4
        await PutAsync(300);
        await SplitAsync("shardId-000000000004");             // makes 5 and 6
        await PutAsync(300);
        await MergeAsync("shardId-000000000005", "shardId-000000000006");
        await PutAsync(300);

        await AllDeliveredAsync(runner);
    }

    // Not LATEST: for a time after which a shard has nothing yet, kinesalite never answers GetShardIterator.
    [Fact]
    public async Task From_AT_TIMESTAMP_nothing_older_is_delivered()
    {
        await PutAsync(100);
        await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);  // real time: positions are whole milliseconds
        DateTimeOffset start = TimeProvider.System.GetUtcNow();
        int first = _put;
        await PutAsync(200);
        await using StreamRunner runner = await TestRunner.StartedAsync(
            Options(mapping => mapping with { StartingPosition = StartingPosition.AtTimestamp, StartingPositionTimestamp = start }));
        await PutAsync(100);

        await AllDeliveredAsync(runner, first);
    }

    private async Task AllDeliveredAsync(StreamRunner runner, int first = 0)
    {
        await runner.DrainAsync();

        Assert.Equal(Enumerable.Range(first, _put - first), _handler.Texts.Select(int.Parse).Order());
        foreach (IGrouping<string, int> key in _handler.Seen.GroupBy(click => click.PartitionKey, click => int.Parse(click.Text)))
            Assert.Equal(key.Order(), key);
        Assert.Equal(0, Assert.Single(runner.Summarize().Mappings).OrderViolations);
    }

    // One call after the other: records of a key get their numbers in the order of their texts.
    private async Task PutAsync(int count)
    {
        for (int end = _put + count; _put < end; _put += 100)
        {
            JsonElement answer = await _http.PutRecordsAsync("clicks", Enumerable.Range(_put, 100).Select(number => ($"key-{number % Keys}", $"{number}")));
            Assert.Equal(0, answer.GetProperty("FailedRecordCount").GetInt32());
        }
    }

    private async Task SplitAsync(string shardId)
    {
        JsonElement listed = await _http.KinesisAsync("ListShards", new { StreamName = "clicks" });
        JsonElement range = listed.GetProperty("Shards").EnumerateArray().Single(shard => shard.GetProperty("ShardId").GetString() == shardId).GetProperty("HashKeyRange");
        (UInt128 start, UInt128 end) = (UInt128.Parse(range.GetProperty("StartingHashKey").GetString()!), UInt128.Parse(range.GetProperty("EndingHashKey").GetString()!));
        await _http.KinesisAsync("SplitShard", new { StreamName = "clicks", ShardToSplit = shardId, NewStartingHashKey = (start + ((end - start) / 2)).ToString() });
        await ActiveAsync();
    }

    private async Task MergeAsync(string shardId, string adjacent)
    {
        await _http.KinesisAsync("MergeShards", new { StreamName = "clicks", ShardToMerge = shardId, AdjacentShardToMerge = adjacent });
        await ActiveAsync();
    }

    // It has no event to wait for.
    private async Task ActiveAsync()
    {
        using var patience = new CancellationTokenSource(TestRunner.Patience, TimeProvider.System);
        while ((await _http.KinesisAsync("DescribeStreamSummary", new { StreamName = "clicks" })).GetProperty("StreamDescriptionSummary").GetProperty("StreamStatus").GetString() != "ACTIVE")
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
    }
}
