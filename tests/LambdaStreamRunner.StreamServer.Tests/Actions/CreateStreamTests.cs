using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

/// <summary>Kinesis reference 2.3.</summary>
public class CreateStreamTests
{
    [Fact]
    public async Task A_stream_is_active_at_once_and_the_answer_is_empty()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        JsonElement answer = await server.CallAsync("CreateStream", new { StreamName = "clicks", ShardCount = 2 });

        Assert.Equal(JsonValueKind.Undefined, answer.ValueKind);
        Assert.Equal(2, server.Streams.Get("clicks").Records.OpenShardCount);
    }

    [Fact]
    public async Task Without_count_and_mode_a_stream_has_four_shards()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        await server.CallAsync("CreateStream", new { StreamName = "clicks" });

        Assert.Equal(4, server.Streams.Get("clicks").Records.OpenShardCount);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);

        Assert.Equal(
            "ResourceInUseException: Stream clicks under account 000000000000 already exists.",
            await server.RefusedAsync("CreateStream", new { StreamName = "clicks", ShardCount = 1 }));
    }

    [Fact]
    public async Task Every_broken_constraint_is_told()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        string refused = await server.RefusedAsync("CreateStream", new { StreamName = "", ShardCount = 0 });

        Assert.StartsWith("ValidationException: 3 validation errors detected: ", refused, StringComparison.Ordinal);
        Assert.Contains("Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+", refused, StringComparison.Ordinal);
        Assert.Contains("Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1", refused, StringComparison.Ordinal);
        Assert.Contains("Value '0' at 'shardCount' failed to satisfy constraint: Member must have value greater than or equal to 1", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_shard_quota_holds()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 3);

        string refused = await server.RefusedAsync("CreateStream", new { StreamName = "more", ShardCount = 2147483648L });

        Assert.Equal(
            "LimitExceededException: This request would exceed the shard limit for the account 000000000000 in us-east-1. "
            + "Current shard count for the account: 3. Limit: 20000. Number of additional shards that would have resulted from this request: 2147483647. "
            + "Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) "
            + "for current limits and how to request higher limits.",
            refused);
    }

    [Theory]
    [InlineData("""{"StreamName":"s","ShardCount":1,"WarmThroughputMiBps":1}""", "WarmThroughputMiBps")]
    [InlineData("""{"StreamName":"s","StreamModeDetails":{"StreamMode":"PROVISIONED"}}""", "ShardCount")]
    public async Task What_does_not_go_together_is_refused_by_name(string body, string named)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        string refused = await server.RefusedAsync(KinesisServer.Request("CreateStream", body));

        Assert.StartsWith("InvalidArgumentException: ", refused, StringComparison.Ordinal);
        Assert.Contains(named, refused, StringComparison.Ordinal);
        Assert.Empty(server.Streams.All);
    }
}
