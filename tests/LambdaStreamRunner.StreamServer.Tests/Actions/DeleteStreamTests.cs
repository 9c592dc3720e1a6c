using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

public class DeleteStreamTests
{
    [Fact]
    public async Task A_deleted_stream_is_gone_and_its_name_is_free()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        string before = server.Streams.Create("clicks", 1).Records.Shards[0].StartingSequenceNumber.ToString();

        JsonElement answer = await server.CallAsync("DeleteStream", new { StreamName = "clicks", EnforceConsumerDeletion = true });
        Assert.Equal(JsonValueKind.Undefined, answer.ValueKind);
        Assert.Equal(
            "ResourceNotFoundException: Stream clicks under account 000000000000 not found.",
            await server.RefusedAsync("DescribeStream", new { StreamName = "clicks" }));

        server.Time.Advance(TimeSpan.FromSeconds(1));
        await server.CallAsync("CreateStream", new { StreamName = "clicks", ShardCount = 1 });
        Assert.NotEqual(before, server.Streams.Get("clicks").Records.Shards[0].StartingSequenceNumber.ToString());
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
}
