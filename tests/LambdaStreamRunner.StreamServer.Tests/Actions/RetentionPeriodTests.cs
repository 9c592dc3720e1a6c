using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

/// <summary>IncreaseStreamRetentionPeriod and DecreaseStreamRetentionPeriod (Kinesis reference 5).</summary>
public class RetentionPeriodTests
{
    [Theory]
    [InlineData("Increase", 23, "Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.")]
    [InlineData("Decrease", 8761, "Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.")]
    [InlineData("Increase", 47, "Requested retention period (47 hours) for stream clicks can not be shorter than existing retention period (48 hours). Use DecreaseRetentionPeriod API.")]
    [InlineData("Decrease", 49, "Requested retention period (49 hours) for stream clicks can not be longer than existing retention period (48 hours). Use IncreaseRetentionPeriod API.")]
    public async Task What_cannot_be_is_refused_with_AWSs_words(string direction, int hours, string message)
    {
        await using KinesisServer server = await KinesisServer.StartAsync(new EmbeddedStreamsOptions { Retention = TimeSpan.FromHours(48) });
        server.Streams.Create("clicks", 1);
        Assert.Equal(
            $"InvalidArgumentException: {message}",
            await server.RefusedAsync($"{direction}StreamRetentionPeriod", new { StreamName = "clicks", RetentionPeriodHours = hours }));
        await server.CallAsync($"{direction}StreamRetentionPeriod", new { StreamName = "clicks", RetentionPeriodHours = 48 });
    }

    [Fact]
    public async Task A_longer_period_keeps_what_is_not_trimmed_yet_and_a_shorter_one_forgets_at_once()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        stream.Put("k", "a"u8.ToArray());
        await server.CallAsync("IncreaseStreamRetentionPeriod", new { StreamName = "clicks", RetentionPeriodHours = 48 });
        server.Time.Advance(TimeSpan.FromHours(30));
        Assert.Equal(1, await ReadAsync());
        JsonElement summary = (await server.CallAsync("DescribeStreamSummary", new { StreamName = "clicks" })).GetProperty("StreamDescriptionSummary");
        Assert.Equal(48, summary.GetProperty("RetentionPeriodHours").GetInt32());

        await server.CallAsync("DecreaseStreamRetentionPeriod", new { StreamName = "clicks", RetentionPeriodHours = 24 });
        Assert.Equal(0, await ReadAsync());
        await server.CallAsync("IncreaseStreamRetentionPeriod", new { StreamName = "clicks", RetentionPeriodHours = 8760 });
        Assert.Equal(0, await ReadAsync());
        server.Time.Advance(TimeSpan.FromHours(30));
        stream.Put("k", "b"u8.ToArray());
        Assert.Equal(1, await ReadAsync());

        async Task<int> ReadAsync() => (await server.CallAsync("GetRecords", new { ShardIterator = await server.IteratorAsync("clicks", "TRIM_HORIZON") }))
            .GetProperty("Records").GetArrayLength();
    }

    [Fact]
    public async Task The_horizon_moves_with_time_and_closed_shards_vanish_with_their_last_record_and_do_not_come_back()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        stream.Put("k", "a"u8.ToArray());
        server.Time.Advance(TimeSpan.FromHours(1));
        stream.Put("k", "b"u8.ToArray());
        stream.BeginReshard(new Reshard.Update(2));

        server.Time.Advance(TimeSpan.FromHours(23));
        JsonElement read = await server.CallAsync("GetRecords", new { ShardIterator = await server.IteratorAsync("clicks", "TRIM_HORIZON") });
        Assert.Equal("Yg==", Assert.Single(read.GetProperty("Records").EnumerateArray()).GetProperty("Data").GetString());
        Assert.Equal(3, await ListedAsync());

        server.Time.Advance(TimeSpan.FromHours(1));
        await server.CallAsync("IncreaseStreamRetentionPeriod", new { StreamName = "clicks", RetentionPeriodHours = 48 });
        Assert.Equal(2, await ListedAsync());
        Assert.Equal(
            "ResourceNotFoundException: Shard shardId-000000000000 in stream clicks under account 000000000000 does not exist",
            await server.RefusedAsync("GetShardIterator", new { StreamName = "clicks", ShardId = "0", ShardIteratorType = "TRIM_HORIZON" }));
        JsonElement description = (await server.CallAsync("DescribeStream", new { StreamName = "clicks" })).GetProperty("StreamDescription");
        Assert.All(description.GetProperty("Shards").EnumerateArray(), child => Assert.Equal("shardId-000000000000", child.GetProperty("ParentShardId").GetString()));

        async Task<int> ListedAsync() => (await server.CallAsync("ListShards", new { StreamName = "clicks" })).GetProperty("Shards").GetArrayLength();
    }
}
