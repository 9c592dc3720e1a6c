using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

/// <summary>A stream that was given the ARN of another region and account shows these, whoever asks.</summary>
public sealed class StreamOfAnotherAccountTests : IAsyncLifetime
{
    private const string Arn = "arn:aws:kinesis:eu-central-1:123456789012:stream/clicks";

    private const string Shard = "shardId-000000000000";

    private KinesisServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await KinesisServer.StartAsync();
        _server.Streams.Create("clicks", 1, arn: Arn);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("DescribeStream", """{"StreamName":"clicks"}""")]
    [InlineData("DescribeStreamSummary", """{"StreamName":"clicks"}""")]
    [InlineData("ListStreams", "{}")]
    [InlineData("EnableEnhancedMonitoring", """{"StreamName":"clicks","ShardLevelMetrics":["ALL"]}""")]
    [InlineData("UpdateShardCount", """{"StreamName":"clicks","TargetShardCount":2,"ScalingType":"UNIFORM_SCALING"}""")]
    [InlineData("RegisterStreamConsumer", """{"StreamARN":"arn:aws:kinesis:eu-central-1:123456789012:stream/clicks","ConsumerName":"fan"}""")]
    public async Task Every_answer_that_has_an_ARN_has_its_own(string action, string request)
    {
        JsonElement answer = await _server.CallAsync(action, JsonSerializer.Deserialize<JsonElement>(request));

        Assert.Contains(Arn, answer.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("000000000000:", answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_consumer_s_description_names_both()
    {
        await _server.CallAsync("RegisterStreamConsumer", new { StreamARN = Arn, ConsumerName = "fan" });

        JsonElement consumer = (await _server.CallAsync("DescribeStreamConsumer", new { StreamARN = Arn, ConsumerName = "fan" })).GetProperty("ConsumerDescription");

        Assert.Equal(Arn, consumer.GetProperty("StreamARN").GetString());
        Assert.StartsWith($"{Arn}/consumer/fan:", consumer.GetProperty("ConsumerARN").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            "DeleteStream can't delete 123456789012:clicks", await _server.RefusedAsync("DeleteStream", new { StreamName = "clicks" }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GetShardIterator", """{"StreamName":"clicks","ShardId":"7","ShardIteratorType":"LATEST"}""")]
    [InlineData("GetShardIterator", """{"StreamName":"clicks","ShardId":"0","ShardIteratorType":"AT_SEQUENCE_NUMBER","StartingSequenceNumber":"12345678901234567890123456789"}""")]
    [InlineData("PutRecord", """{"StreamName":"clicks","Data":"","PartitionKey":"k","SequenceNumberForOrdering":"99999999999999999999999999999999999999999999999999999999"}""")]
    [InlineData("SplitShard", """{"StreamName":"clicks","ShardToSplit":"7","NewStartingHashKey":"9"}""")]
    [InlineData("SplitShard", """{"StreamName":"clicks","ShardToSplit":"0","NewStartingHashKey":"1"}""")]
    [InlineData("MergeShards", """{"StreamName":"clicks","ShardToMerge":"0","AdjacentShardToMerge":"0"}""")]
    [InlineData("DescribeStreamConsumer", """{"StreamARN":"arn:aws:kinesis:eu-central-1:123456789012:stream/clicks","ConsumerName":"nobody"}""")]
    public async Task So_has_every_error_about_it(string action, string request)
    {
        string error = await _server.RefusedAsync(action, JsonSerializer.Deserialize<JsonElement>(request));

        Assert.True(
            error.Contains("account 123456789012", StringComparison.Ordinal)
                || error.StartsWith("InvalidArgumentException: Invalid StartingSequenceNumber. It encodes", StringComparison.Ordinal),
            error);
    }

    [Fact]
    public async Task And_throttling()
    {
        EmbeddedStream stream = _server.Streams.Get("clicks");
        stream.Rehearse(new StreamServer.Faults.StreamFaults { ThrottleRate = 1 });

        Assert.Equal(
            $"ProvisionedThroughputExceededException: Rate exceeded for shard {Shard} in stream clicks under account 123456789012.",
            await _server.RefusedAsync("PutRecord", new { StreamName = "clicks", Data = "", PartitionKey = "k" }));
    }
}
