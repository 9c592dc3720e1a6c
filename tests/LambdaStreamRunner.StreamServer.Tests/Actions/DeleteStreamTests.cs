using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

public class DeleteStreamTests
{
    [Fact]
    public async Task A_deleted_stream_is_gone_and_its_name_is_free()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 2).Put("k", "x"u8.ToArray());
        JsonElement before = await DescribeAsync(server);

        JsonElement answer = await server.CallAsync("DeleteStream", new { StreamName = "clicks", EnforceConsumerDeletion = true });
        Assert.Equal(JsonValueKind.Undefined, answer.ValueKind);
        Assert.Equal(
            "ResourceNotFoundException: Stream clicks under account 000000000000 not found.",
            await server.RefusedAsync("DescribeStream", new { StreamName = "clicks" }));

        server.Time.Advance(TimeSpan.FromSeconds(1));
        await server.CallAsync("CreateStream", new { StreamName = "clicks", ShardCount = 1 });
        JsonElement after = await DescribeAsync(server);
        Assert.Equal(1, after.GetProperty("StreamCreationTimestamp").GetDecimal() - before.GetProperty("StreamCreationTimestamp").GetDecimal());
        JsonElement shard = Assert.Single(after.GetProperty("Shards").EnumerateArray());
        Assert.Equal("shardId-000000000000", shard.GetProperty("ShardId").GetString());
        Assert.True(StartOf(shard) > StartOf(before.GetProperty("Shards")[0]));
        Assert.True(server.Streams.Get("clicks").Put("k", "x"u8.ToArray()).SequenceNumber > StartOf(shard));
    }

    [Theory]
    [InlineData("""{"StreamName":"none"}""")]
    [InlineData("""{"StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/none"}""")]
    public async Task An_unknown_stream_is_named_by_its_bare_name(string body)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        Assert.Equal(
            "ResourceNotFoundException: Stream none under account 000000000000 not found.",
            await server.RefusedAsync(KinesisServer.Request("DeleteStream", body)));
    }

    private static async Task<JsonElement> DescribeAsync(KinesisServer server) =>
        (await server.CallAsync("DescribeStream", new { StreamName = "clicks" })).GetProperty("StreamDescription");

    private static SequenceNumber StartOf(JsonElement shard) =>
        SequenceNumber.Parse(shard.GetProperty("SequenceNumberRange").GetProperty("StartingSequenceNumber").GetString());
}
