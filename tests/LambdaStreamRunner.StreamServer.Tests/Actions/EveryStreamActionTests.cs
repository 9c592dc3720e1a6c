using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

/// <summary>What all actions that name a stream do alike when it is not there, or on its way to another state (Kinesis reference 2.3).</summary>
public class EveryStreamActionTests
{
    private const string Arn = "arn:aws:kinesis:us-east-1:000000000000:stream/clicks";

    /// <summary>Their members beside the stream's name.</summary>
    private static readonly Dictionary<string, string> ByNameOrArn = new()
    {
        ["AddTagsToStream"] = ""","Tags":{"a":"b"} """,
        ["DecreaseStreamRetentionPeriod"] = ""","RetentionPeriodHours":24 """,
        ["DeleteStream"] = "",
        ["DescribeStream"] = "",
        ["DescribeStreamSummary"] = "",
        ["DisableEnhancedMonitoring"] = ""","ShardLevelMetrics":["ALL"] """,
        ["EnableEnhancedMonitoring"] = ""","ShardLevelMetrics":["ALL"] """,
        ["IncreaseStreamRetentionPeriod"] = ""","RetentionPeriodHours":24 """,
        ["ListShards"] = "",
        ["ListTagsForStream"] = "",
        ["MergeShards"] = ""","ShardToMerge":"shardId-000000000000","AdjacentShardToMerge":"shardId-000000000001" """,
        ["PutRecord"] = ""","Data":"","PartitionKey":"k" """,
        ["PutRecords"] = ""","Records":[{"Data":"","PartitionKey":"k"}] """,
        ["RemoveTagsFromStream"] = ""","TagKeys":["a"] """,
        ["SplitShard"] = ""","ShardToSplit":"shardId-000000000000","NewStartingHashKey":"5" """,
        ["StartStreamEncryption"] = ""","EncryptionType":"KMS","KeyId":"alias/aws/kinesis" """,
        ["StopStreamEncryption"] = ""","EncryptionType":"KMS","KeyId":"alias/aws/kinesis" """,
        ["UpdateShardCount"] = ""","TargetShardCount":2,"ScalingType":"UNIFORM_SCALING" """,
        ["UpdateStreamWarmThroughput"] = ""","WarmThroughputMiBps":5 """,
    };

    private static readonly Dictionary<string, string> ByArn = new()
    {
        ["DeregisterStreamConsumer"] = ""","ConsumerName":"fan" """,
        ["DescribeStreamConsumer"] = ""","ConsumerName":"fan" """,
        ["ListStreamConsumers"] = "",
        ["RegisterStreamConsumer"] = ""","ConsumerName":"fan" """,
        ["UpdateMaxRecordSize"] = ""","MaxRecordSizeInKiB":2048 """,
        ["UpdateStreamMode"] = ""","StreamModeDetails":{"StreamMode":"ON_DEMAND"} """,
    };

    private static readonly Dictionary<string, string> ByResource = new()
    {
        ["DeleteResourcePolicy"] = "",
        ["GetResourcePolicy"] = "",
        ["ListTagsForResource"] = "",
        ["PutResourcePolicy"] = ""","Policy":"{}" """,
        ["TagResource"] = ""","Tags":{"a":"b"} """,
        ["UntagResource"] = ""","TagKeys":["a"] """,
    };

    private static readonly string[] WithoutStream =
        ["CreateStream", "DescribeAccountSettings", "DescribeLimits", "GetRecords", "GetShardIterator", "ListStreams", "SubscribeToShard", "UpdateAccountSettings"];

    private static readonly string[] WaitForNothing =
    [
        "DeleteStream", "DeregisterStreamConsumer", "DescribeStream", "DescribeStreamConsumer", "DescribeStreamSummary", "GetResourcePolicy",
        "ListShards", "ListStreamConsumers", "ListTagsForResource", "ListTagsForStream", "PutRecord", "PutRecords",
    ];

    [Fact]
    public void No_action_is_forgotten() =>
        Assert.Equal(KinesisEndpoint.ActionNames.Order(), ByNameOrArn.Keys.Concat(ByArn.Keys).Concat(ByResource.Keys).Concat(WithoutStream).Order());

    [Fact]
    public async Task A_stream_that_is_not_there_is_named_by_its_bare_name_also_when_an_ARN_was_sent()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        foreach ((string action, string body) in Requests())
        {
            string refused = await server.RefusedAsync(KinesisServer.Request(action, body));
            Assert.Equal((action, "ResourceNotFoundException: Stream clicks under account 000000000000 not found."), (action, refused));
        }
    }

    [Theory]
    [InlineData("UPDATING")]
    [InlineData("CREATING")]
    [InlineData("DELETING")]
    public async Task A_stream_that_is_on_its_way_to_another_state_is_not_changed(string state)
    {
        var hour = TimeSpan.FromHours(1);
        await using KinesisServer server = await KinesisServer.StartAsync(
            new EmbeddedStreamsOptions { CreatingDelay = state == "CREATING" ? hour : default, UpdatingDelay = hour, DeletingDelay = hour });
        EmbeddedStream stream = server.Streams.Create("clicks", 2, new StreamSettings { Mode = StreamMode.Provisioned });
        if (state == "UPDATING")
            stream.BeginReshard(new Reshard.Update(4));
        else if (state == "DELETING")
            server.Streams.Delete("clicks");

        foreach ((string action, string body) in Requests().Where(request => !WaitForNothing.Contains(request.Action)))
        {
            string refused = await server.RefusedAsync(KinesisServer.Request(action, body));
            Assert.Equal((action, $"ResourceInUseException: Stream clicks under account 000000000000 not ACTIVE, instead in state {state}"), (action, refused));
        }
    }

    [Fact]
    public async Task A_stream_may_be_named_by_name_by_ARN_by_both_and_with_an_id_that_nobody_looks_at()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);

        foreach (string names in new[]
        {
            "\"StreamName\":\"clicks\"", $"\"StreamARN\":\"{Arn}\"", $"\"StreamName\":\"clicks\",\"StreamARN\":\"{Arn}\",\"StreamId\":\"abcdefghij0123456789-abc\"",
        })
        {
            (System.Net.HttpStatusCode status, string answer) = await server.SendAsync(KinesisServer.Request("PutRecord", $$"""{{{names}},"Data":"","PartitionKey":"k"}"""));
            Assert.True(status == System.Net.HttpStatusCode.OK, answer);
        }
    }

    private static IEnumerable<(string Action, string Body)> Requests()
    {
        foreach ((string action, string more) in ByNameOrArn)
        {
            yield return (action, $$"""{"StreamName":"clicks"{{more}}}""");
            yield return (action, $$"""{"StreamARN":"{{Arn}}"{{more}}}""");
        }
        foreach ((string action, string more) in ByArn)
            yield return (action, $$"""{"StreamARN":"{{Arn}}"{{more}}}""");
        foreach ((string action, string more) in ByResource)
            yield return (action, $$"""{"ResourceARN":"{{Arn}}"{{more}}}""");
    }
}
