using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaStreamRunner.StreamServer.Protocol;
using LambdaStreamRunner.StreamServer.Tests.Subscriptions;

namespace LambdaStreamRunner.StreamServer.Tests.Protocol.Cbor;

/// <summary>Two servers with the same clock: one is asked in JSON, the other in CBOR. Kinesis reference 9.3, check 8.</summary>
public sealed class SameInBothFormats : IAsyncLifetime
{
    private const string Stream = "arn:aws:kinesis:us-east-1:000000000000:stream/clicks";

    /// <summary>A life of a stream; «Iterator» stands for the last iterator that was given.</summary>
    private static readonly (string Action, string Request)[] Life =
    [
        ("CreateStream", """{"StreamName":"clicks","ShardCount":2}"""),
        ("CreateStream", """{"StreamName":"clicks","ShardCount":2}"""),
        ("CreateStream", """{"StreamName":"others","ShardCount":1,"StreamModeDetails":{"StreamMode":"PROVISIONED"}}"""),
        ("DescribeStream", """{"StreamName":"clicks","Limit":1}"""),
        ("DescribeStreamSummary", $$$"""{"StreamARN":"{{{Stream}}}"}"""),
        ("ListStreams", """{"Limit":10}"""),
        ("ListShards", """{"StreamName":"clicks","StreamCreationTimestamp":1767225600,"ShardFilter":{"Type":"AT_TIMESTAMP","Timestamp":1767225600.5}}"""),
        ("PutRecord", """{"StreamName":"clicks","Data":"","PartitionKey":"schl\u00fcssel"}"""),
        ("PutRecord", """{"StreamName":"clicks","Data":"AAECA/8=","PartitionKey":"k","ExplicitHashKey":"5"}"""),
        ("PutRecord", """{"StreamName":"clicks","Data":"AAECA/8=","PartitionKey":"k","ExplicitHashKey":"340282366920938463463374607431768211456"}"""),
        ("PutRecords", """{"StreamName":"clicks","Records":[{"Data":"YQ==","PartitionKey":"a"},{"Data":"","PartitionKey":"\ud83d\ude00","ExplicitHashKey":"0"}]}"""),
        ("PutRecords", """{"StreamName":"clicks","Records":[]}"""),
        ("PutRecords", """{"StreamName":"clicks","Records":[{"Data":"YQ=="}]}"""),
        ("GetShardIterator", """{"StreamName":"clicks","ShardId":"shardId-000000000000","ShardIteratorType":"LATEST","Timestamp":null}"""),
        ("GetRecords", """{"ShardIterator":"«Iterator»"}"""),
        ("GetShardIterator", """{"StreamName":"clicks","ShardId":"shardId-000000000000","ShardIteratorType":"AT_TIMESTAMP","Timestamp":1767225599.123}"""),
        ("GetRecords", """{"ShardIterator":"«Iterator»","Limit":10}"""),
        ("GetRecords", """{"ShardIterator":"«Iterator»","Limit":10001}"""),
        ("SplitShard", """{"StreamName":"clicks","ShardToSplit":"shardId-000000000000","NewStartingHashKey":"9"}"""),
        ("GetShardIterator", """{"StreamName":"clicks","ShardId":"shardId-000000000000","ShardIteratorType":"TRIM_HORIZON"}"""),
        ("GetRecords", """{"ShardIterator":"«Iterator»"}"""),
        ("MergeShards", """{"StreamName":"clicks","ShardToMerge":"shardId-000000000002","AdjacentShardToMerge":"shardId-000000000003"}"""),
        ("UpdateShardCount", """{"StreamName":"clicks","TargetShardCount":3,"ScalingType":"UNIFORM_SCALING"}"""),
        ("IncreaseStreamRetentionPeriod", """{"StreamName":"clicks","RetentionPeriodHours":48}"""),
        ("DecreaseStreamRetentionPeriod", """{"StreamName":"clicks","RetentionPeriodHours":24}"""),
        ("AddTagsToStream", """{"StreamName":"clicks","Tags":{"team":"blue","stage":"x"}}"""),
        ("ListTagsForStream", """{"StreamName":"clicks"}"""),
        ("RemoveTagsFromStream", """{"StreamName":"clicks","TagKeys":["team"]}"""),
        ("TagResource", $$$"""{"ResourceARN":"{{{Stream}}}","Tags":{"a":"b"}}"""),
        ("ListTagsForResource", $$$"""{"ResourceARN":"{{{Stream}}}"}"""),
        ("UntagResource", $$$"""{"ResourceARN":"{{{Stream}}}","TagKeys":["a"]}"""),
        ("RegisterStreamConsumer", $$$"""{"StreamARN":"{{{Stream}}}","ConsumerName":"fan"}"""),
        ("DescribeStreamConsumer", $$$"""{"StreamARN":"{{{Stream}}}","ConsumerName":"fan"}"""),
        ("ListStreamConsumers", $$$"""{"StreamARN":"{{{Stream}}}"}"""),
        ("DeregisterStreamConsumer", $$$"""{"StreamARN":"{{{Stream}}}","ConsumerName":"fan"}"""),
        ("EnableEnhancedMonitoring", """{"StreamName":"clicks","ShardLevelMetrics":["ALL"]}"""),
        ("DisableEnhancedMonitoring", """{"StreamName":"clicks","ShardLevelMetrics":["IncomingBytes"]}"""),
        ("StartStreamEncryption", """{"StreamName":"clicks","EncryptionType":"KMS","KeyId":"alias/aws/kinesis"}"""),
        ("PutRecord", """{"StreamName":"clicks","Data":"YQ==","PartitionKey":"k"}"""),
        ("StopStreamEncryption", """{"StreamName":"clicks","EncryptionType":"KMS","KeyId":"alias/aws/kinesis"}"""),
        ("DescribeLimits", "{}"),
        ("DescribeAccountSettings", "{}"),
        ("UpdateAccountSettings", """{"MinimumThroughputBillingCommitment":{"Status":"ENABLED"}}"""),
        ("PutResourcePolicy", $$$"""{"ResourceARN":"{{{Stream}}}","Policy":"{\"a\":1}"}"""),
        ("GetResourcePolicy", $$$"""{"ResourceARN":"{{{Stream}}}"}"""),
        ("DeleteResourcePolicy", $$$"""{"ResourceARN":"{{{Stream}}}"}"""),
        ("UpdateMaxRecordSize", $$$"""{"StreamARN":"{{{Stream}}}","MaxRecordSizeInKiB":2048}"""),
        ("UpdateStreamMode", $$$"""{"StreamARN":"{{{Stream}}}","StreamModeDetails":{"StreamMode":"ON_DEMAND"}}"""),
        ("UpdateStreamWarmThroughput", """{"StreamName":"clicks","WarmThroughputMiBps":10}"""),
        ("DescribeStreamSummary", """{"StreamName":"clicks"}"""),
        ("DeleteStream", """{"StreamName":"clicks"}"""),
        ("DescribeStream", """{"StreamName":"clicks"}"""),
    ];

    /// <summary>Actions whose answers are empty (Kinesis reference 1.3).</summary>
    private static readonly string[] WithoutAnswer =
    [
        "AddTagsToStream", "CreateStream", "DecreaseStreamRetentionPeriod", "DeleteResourcePolicy", "DeleteStream", "DeregisterStreamConsumer",
        "IncreaseStreamRetentionPeriod", "MergeShards", "PutResourcePolicy", "RemoveTagsFromStream", "SplitShard", "StartStreamEncryption",
        "StopStreamEncryption", "TagResource", "UntagResource", "UpdateMaxRecordSize", "UpdateStreamMode",
    ];

    private KinesisServer _json = null!;
    private KinesisServer _cbor = null!;

    public async ValueTask InitializeAsync() => (_json, _cbor) = (await KinesisServer.StartAsync(), await KinesisServer.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _json.DisposeAsync();
        await _cbor.DisposeAsync();
    }

    [Theory]
    [InlineData(nameof(CborForm.Indefinite))]
    [InlineData(nameof(CborForm.Definite))]
    [InlineData(nameof(CborForm.InPieces))]
    public async Task A_streams_life_is_the_same_in_both_formats(string form)
    {
        HashSet<string> empty = [];
        Assert.Empty(KinesisEndpoint.ActionNames.Except(["SubscribeToShard"]).Except(Life.Select(step => step.Action)));
        (string json, string cbor) iterators = ("", "");
        foreach ((string action, string request) in Life)
        {
            (HttpStatusCode status, JsonNode? answer) json = await AskJsonAsync(action, request.Replace("«Iterator»", iterators.json, StringComparison.Ordinal));
            (HttpStatusCode status, JsonNode? answer) cbor = await AskCborAsync(
                action, request.Replace("«Iterator»", iterators.cbor, StringComparison.Ordinal), Enum.Parse<CborForm>(form));
            iterators = (Take(json.answer, "ShardIterator") ?? iterators.json, Take(cbor.answer, "ShardIterator") ?? iterators.cbor);
            Take(json.answer, "NextShardIterator");
            Take(cbor.answer, "NextShardIterator");

            Assert.Equal((action, json.status, json.answer?.ToJsonString()), (action, cbor.status, cbor.answer?.ToJsonString()));
            if (json.answer is null)
                empty.Add(action);
        }
        Assert.Equal(WithoutAnswer, empty.Order());
    }

    [Fact]
    public async Task A_subscription_is_the_same_in_both_formats()
    {
        List<string>[] frames = [[], []];
        foreach (PayloadFormat format in new[] { PayloadFormat.Json, PayloadFormat.Cbor })
        {
            await using SubscribedServer server = await SubscribedServer.StartAsync();
            server.Put("one", "two", "");
            await using EventReader events = await server.SubscribeAsync(format: format);
            EventFrameRead first = await events.NextEventAsync();
            server.Stream.BeginReshard(new Reshard.Update(2));
            foreach (EventFrameRead frame in new[] { first, await events.NextEventAsync() })
                frames[(int)format].Add($"{frame.Kind} {frame.Json.ToJsonString()}");
            Assert.Null(await events.NextAsync());
        }

        Assert.Equal(frames[0], frames[1]);
        Assert.Contains("ChildShards", frames[0][1], StringComparison.Ordinal);
    }

    /// <summary>Floating-point numbers (fb) behind tag 1 (c1) break the AWS SDKs.</summary>
    [Fact]
    public async Task A_time_is_tag_1_and_an_integer_of_milliseconds_byte_for_byte()
    {
        _cbor.Time.Advance(TimeSpan.FromMilliseconds(123));
        _cbor.Streams.Create("clicks", 1);

        using HttpResponseMessage response = await _cbor.Http.SendAsync(
            CborText.Request("DescribeStreamSummary", CborText.FromJson("""{"StreamName":"clicks"}""")), TestContext.Current.CancellationToken);
        string hex = Convert.ToHexStringLower(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

        string name = Convert.ToHexStringLower(Encoding.ASCII.GetBytes("StreamCreationTimestamp"));
        Assert.Contains($"{name}c11b{1767225600123:x16}", hex, StringComparison.Ordinal);
        Assert.DoesNotContain("c1fb", hex, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_action_refuses_an_empty_map_alike()
    {
        foreach (string action in KinesisEndpoint.ActionNames)
        {
            (HttpStatusCode status, JsonNode? answer) json = await AskJsonAsync(action, "{}");
            (HttpStatusCode status, JsonNode? answer) cbor = await AskCborAsync(action, "{}");

            Assert.Equal((action, json.status, json.answer?.ToJsonString()), (action, cbor.status, cbor.answer?.ToJsonString()));
        }
    }

    private static string? Take(JsonNode? answer, string member)
    {
        string? value = (answer as JsonObject)?[member]?.GetValue<string>();
        (answer as JsonObject)?.Remove(member);
        return value;
    }

    private async Task<(HttpStatusCode, JsonNode?)> AskJsonAsync(string action, string request)
    {
        (HttpStatusCode status, string body) = await _json.SendAsync(KinesisServer.Request(action, request));
        return (status, body.Length == 0 ? null : JsonNode.Parse(body));
    }

    private async Task<(HttpStatusCode, JsonNode?)> AskCborAsync(string action, string request, CborForm form = CborForm.Indefinite)
    {
        using HttpResponseMessage response = await _cbor.Http.SendAsync(
            CborText.Request(action, CborText.FromJson(request, form)), TestContext.Current.CancellationToken);
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(CborText.ContentType, response.Content.Headers.ContentType!.ToString());
        return (response.StatusCode, body.Length == 0 ? null : CborText.ToJson(body));
    }
}
