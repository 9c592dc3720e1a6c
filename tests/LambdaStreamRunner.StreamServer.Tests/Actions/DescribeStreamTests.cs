using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

public class DescribeStreamTests
{
    [Fact]
    public async Task A_new_stream_is_described_as_kinesis_does()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 2);

        JsonElement stream = (await server.CallAsync("DescribeStream", new { StreamName = "clicks" })).GetProperty("StreamDescription");

        Assert.Equal(
            """
            {"StreamName":"clicks","StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/clicks","StreamStatus":"ACTIVE",
            "StreamModeDetails":{"StreamMode":"PROVISIONED"},"StreamCreationTimestamp":1767225600,"Shards":[
            {"ShardId":"shardId-000000000000","HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"170141183460469231731687303715884105727"},
            "SequenceNumberRange":{"StartingSequenceNumber":"49670424472731169861061894383142885425265240724400504834"}},
            {"ShardId":"shardId-000000000001","HashKeyRange":{"StartingHashKey":"170141183460469231731687303715884105728","EndingHashKey":"340282366920938463463374607431768211455"},
            "SequenceNumberRange":{"StartingSequenceNumber":"49670424472753470606260425006284421143537889085906485266"}}],
            "HasMoreShards":false,"RetentionPeriodHours":24,"EnhancedMonitoring":[{"ShardLevelMetrics":[]}],"EncryptionType":"NONE"}
            """.ReplaceLineEndings(""),
            stream.GetRawText());
    }

    [Fact]
    public async Task Shards_come_in_pages_of_at_most_a_hundred()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 150);

        Assert.Equal((100, "shardId-000000000000", true), Page(await server.CallAsync("DescribeStream", new { StreamName = "clicks", Limit = 10_000 })));
        Assert.Equal((1, "shardId-000000000008", true), Page(await server.CallAsync(
            "DescribeStream", new { StreamName = "clicks", Limit = 1, ExclusiveStartShardId = "shardId-000000000007" })));
        Assert.Equal((50, "shardId-000000000100", false), Page(await server.CallAsync(
            "DescribeStream", new { StreamName = "clicks", ExclusiveStartShardId = "shardId-000000000099" })));
        Assert.Equal((0, "", false), Page(await server.CallAsync(
            "DescribeStream", new { StreamName = "clicks", ExclusiveStartShardId = "shardId-000000000777" })));
    }

    [Fact]
    public async Task Name_and_arn_may_come_together_and_must_agree()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        string arn = server.Streams.Create("clicks", 1).Arn;

        await server.CallAsync("DescribeStream", new { StreamName = "clicks", StreamARN = arn, StreamId = "abcdefghij0123456789-abc" });
        Assert.StartsWith("InvalidArgumentException: ", await server.RefusedAsync("DescribeStream", new { StreamName = "other", StreamARN = arn }), StringComparison.Ordinal);
        Assert.Equal(
            "InvalidArgumentException: Either StreamName or StreamARN must be provided.",
            await server.RefusedAsync("DescribeStream", new { }));
    }

    [Fact]
    public async Task The_summary_counts_shards_and_lists_none()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 3);

        JsonElement summary = (await server.CallAsync("DescribeStreamSummary", new { StreamName = "clicks" })).GetProperty("StreamDescriptionSummary");

        Assert.Equal(3, summary.GetProperty("OpenShardCount").GetInt32());
        Assert.Equal(0, summary.GetProperty("ConsumerCount").GetInt32());
        Assert.False(summary.TryGetProperty("Shards", out _));
    }

    private static (int Count, string First, bool HasMore) Page(JsonElement answer)
    {
        JsonElement stream = answer.GetProperty("StreamDescription");
        JsonElement shards = stream.GetProperty("Shards");
        int count = shards.GetArrayLength();
        return (count, count == 0 ? "" : shards[0].GetProperty("ShardId").GetString()!, stream.GetProperty("HasMoreShards").GetBoolean());
    }
}
