using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Tests;

/// <summary>CREATING, UPDATING and DELETING when they take time (Kinesis reference 2.3).</summary>
public class StreamLifeTests
{
    private static readonly EmbeddedStreamsOptions Slow = new()
    {
        CreatingDelay = TimeSpan.FromSeconds(10),
        UpdatingDelay = TimeSpan.FromSeconds(10),
        DeletingDelay = TimeSpan.FromSeconds(10),
    };

    [Fact]
    public async Task A_new_stream_is_CREATING_without_shards_and_then_ACTIVE()
    {
        await using KinesisServer server = await KinesisServer.StartAsync(Slow);
        await server.CallAsync("CreateStream", new { StreamName = "clicks", ShardCount = 2 });
        Assert.Equal(("CREATING", 0), await DescribeAsync(server));
        server.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(("ACTIVE", 2), await DescribeAsync(server));
    }

    [Fact]
    public async Task A_stream_that_is_CREATING_is_not_there_for_data()
    {
        await using KinesisServer server = await KinesisServer.StartAsync(Slow);
        await server.CallAsync("CreateStream", new { StreamName = "clicks", ShardCount = 1 });
        const string NotFound = "ResourceNotFoundException: Stream clicks under account 000000000000 not found.";
        Assert.Equal(NotFound, await server.RefusedAsync("PutRecord", new { StreamName = "clicks", Data = "", PartitionKey = "k" }));
        Assert.Equal(NotFound, await server.RefusedAsync("PutRecords", new { StreamName = "clicks", Records = new[] { new { Data = "", PartitionKey = "k" } } }));
        Assert.Equal(
            "ResourceNotFoundException: Shard shardId-000000000000 in stream clicks under account 000000000000 does not exist",
            await server.RefusedAsync("GetShardIterator", new { StreamName = "clicks", ShardId = "shardId-000000000000", ShardIteratorType = "LATEST" }));
        Assert.Equal(
            "ResourceInUseException: Stream clicks under account 000000000000 already exists.",
            await server.RefusedAsync("CreateStream", new { StreamName = "clicks", ShardCount = 1 }));
        Assert.Equal(
            "ResourceInUseException: Stream clicks under account 000000000000 not ACTIVE, instead in state CREATING",
            await server.RefusedAsync("SplitShard", new { StreamName = "clicks", ShardToSplit = "0", NewStartingHashKey = "2" }));
    }

    [Fact]
    public async Task A_stream_can_be_deleted_while_it_is_CREATING_and_is_DELETING_without_shards_until_it_is_gone()
    {
        await using KinesisServer server = await KinesisServer.StartAsync(Slow);
        await server.CallAsync("CreateStream", new { StreamName = "clicks", ShardCount = 1 });
        await server.CallAsync("DeleteStream", new { StreamName = "clicks" });
        Assert.Equal(("DELETING", 0), await DescribeAsync(server));
        server.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(server.Streams.All);
        await server.CallAsync("CreateStream", new { StreamName = "clicks", ShardCount = 1 });
    }

    [Fact]
    public async Task A_reshard_happens_in_time_also_when_nobody_asks_for_the_stream()
    {
        await using KinesisServer server = await KinesisServer.StartAsync(Slow);
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        server.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(StreamStatus.Active, stream.Status);
        stream.BeginReshard(new Reshard.Update(2));
        server.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, stream.Records.OpenShardCount);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, stream.Records.OpenShardCount);
    }

    [Fact]
    public async Task Producers_lose_nothing_while_shards_are_changed_under_them()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 4);
        using var stop = new CancellationTokenSource();
        Task<int>[] producers = [.. Enumerable.Range(0, 4).Select(p => Task.Run(() => PutUntil(stream, p, stop.Token)))];
        foreach (int count in (int[])[8, 5, 3, 6, 4])
            stream.BeginReshard(new Reshard.Update(count));
        await stop.CancelAsync();

        int put = (await Task.WhenAll(producers)).Sum();
        Assert.Equal(put, stream.Records.Shards.Sum(shard => shard.RecordCount));
    }

    private static int PutUntil(EmbeddedStream stream, int producer, CancellationToken stop)
    {
        int put = 0;
        do
        {
            stream.Put($"{producer}-{put++}", "x"u8.ToArray());
        }
        while (!stop.IsCancellationRequested);
        return put;
    }

    private static async Task<(string? Status, int Shards)> DescribeAsync(KinesisServer server)
    {
        JsonElement description = (await server.CallAsync("DescribeStream", new { StreamName = "clicks" })).GetProperty("StreamDescription");
        return (description.GetProperty("StreamStatus").GetString(), description.GetProperty("Shards").GetArrayLength());
    }
}
