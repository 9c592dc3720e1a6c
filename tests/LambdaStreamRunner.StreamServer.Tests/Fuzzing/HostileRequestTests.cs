using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using LambdaStreamRunner.StreamServer.Tests.Protocol.Cbor;

namespace LambdaStreamRunner.StreamServer.Tests.Fuzzing;

/// <summary>Whatever comes over HTTP, the answer is AWS's kind of answer; the server keeps its memory and its temper.</summary>
/// <remarks>Memory is measured, so it runs in a process of its own: beside other tests it would count theirs. LAMBDA_STREAM_HOSTILE_REQUESTS makes it longer.</remarks>
public class HostileRequestTests
{
    private const int RequestsDefault = 50_000;               // of another seed each time; .ci/soak sends more
    private const int Workers = 4;

    private static readonly int Requests =
        int.TryParse(Environment.GetEnvironmentVariable("LAMBDA_STREAM_HOSTILE_REQUESTS"), CultureInfo.InvariantCulture, out int requests) ? requests : RequestsDefault;

    /// <summary>What the records of the streams may take.</summary>
    private const long RecordsMax = 8 << 20;

    /// <summary>What may stay behind of so many requests: the records, and caches. About 3 MiB do.</summary>
    private const long GrowthMax = RecordsMax + (8 << 20);

    private static readonly (string Action, string Body)[] Good =
    [
        ("CreateStream", """{"StreamName":"more","ShardCount":2,"StreamModeDetails":{"StreamMode":"PROVISIONED"},"Tags":{"a":"b"}}"""),
        ("DeleteStream", """{"StreamName":"more","EnforceConsumerDeletion":true}"""),
        ("DescribeStream", """{"StreamName":"clicks","Limit":10,"ExclusiveStartShardId":"shardId-000000000000"}"""),
        ("DescribeStreamSummary", """{"StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/clicks"}"""),
        ("ListStreams", """{"Limit":1,"ExclusiveStartStreamName":"a"}"""),
        ("ListStreams", """{"NextToken":"AAAA"}"""),
        ("ListShards", """{"StreamName":"clicks","MaxResults":1,"ShardFilter":{"Type":"AT_TIMESTAMP","Timestamp":1767225600.5}}"""),
        ("ListShards", """{"NextToken":"AAAAAAAAAAE="}"""),
        ("PutRecord", """{"StreamName":"clicks","Data":"YWJj","PartitionKey":"k","ExplicitHashKey":"5","SequenceNumberForOrdering":"49670424472731169861061894383142885425265240724400504834"}"""),
        ("PutRecord", """{"StreamName":"clicks","Data":"YWJj","PartitionKey":"k"}"""),
        ("PutRecords", """{"StreamName":"clicks","Records":[{"Data":"YWJj","PartitionKey":"k"},{"Data":"","PartitionKey":"é","ExplicitHashKey":"0"}]}"""),
        ("GetShardIterator", """{"StreamName":"clicks","ShardId":"shardId-000000000000","ShardIteratorType":"AT_TIMESTAMP","Timestamp":1767225600}"""),
        ("GetShardIterator", """{"StreamName":"clicks","ShardId":"shardId-000000000000","ShardIteratorType":"AFTER_SEQUENCE_NUMBER","StartingSequenceNumber":"49670424472731169861061894383142885425265240724400504834"}"""),
        ("GetRecords", """{"ShardIterator":"AAAAAAAAAAEAAAAAAAAAAQ==","Limit":10}"""),
        ("SplitShard", """{"StreamName":"more","ShardToSplit":"shardId-000000000000","NewStartingHashKey":"170141183460469231731687303715884105728"}"""),
        ("MergeShards", """{"StreamName":"more","ShardToMerge":"shardId-000000000000","AdjacentShardToMerge":"shardId-000000000001"}"""),
        ("UpdateShardCount", """{"StreamName":"more","TargetShardCount":2,"ScalingType":"UNIFORM_SCALING"}"""),
        ("IncreaseStreamRetentionPeriod", """{"StreamName":"clicks","RetentionPeriodHours":48}"""),
        ("DecreaseStreamRetentionPeriod", """{"StreamName":"clicks","RetentionPeriodHours":24}"""),
        ("AddTagsToStream", """{"StreamName":"clicks","Tags":{"a":"b","c":"%"}}"""),
        ("RemoveTagsFromStream", """{"StreamName":"clicks","TagKeys":["a"]}"""),
        ("ListTagsForStream", """{"StreamName":"clicks","Limit":5,"ExclusiveStartTagKey":"a"}"""),
        ("TagResource", """{"ResourceARN":"arn:aws:kinesis:us-east-1:000000000000:stream/clicks","Tags":{"a":"b"}}"""),
        ("RegisterStreamConsumer", """{"StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/clicks","ConsumerName":"c"}"""),
        ("DeregisterStreamConsumer", """{"StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/clicks","ConsumerName":"c"}"""),
        ("DescribeStreamConsumer", """{"ConsumerARN":"arn:aws:kinesis:us-east-1:000000000000:stream/clicks/consumer/c:1767225600"}"""),
        ("ListStreamConsumers", """{"StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/clicks","MaxResults":1}"""),
        ("EnableEnhancedMonitoring", """{"StreamName":"clicks","ShardLevelMetrics":["ALL","IncomingBytes"]}"""),
        ("StartStreamEncryption", """{"StreamName":"clicks","EncryptionType":"KMS","KeyId":"alias/aws/kinesis"}"""),
        ("UpdateStreamMode", """{"StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/clicks","StreamModeDetails":{"StreamMode":"PROVISIONED"}}"""),
        ("PutResourcePolicy", """{"ResourceARN":"arn:aws:kinesis:us-east-1:000000000000:stream/clicks","Policy":"{}"}"""),
        ("UpdateMaxRecordSize", """{"StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/clicks","MaxRecordSizeInKiB":2048}"""),
        ("UpdateAccountSettings", """{"MinimumThroughputBillingCommitment":{"Status":"ENABLED"}}"""),
    ];

    [Fact]
    public async Task Mutated_requests_get_AWS_shaped_answers()
    {
        if (OwnProcess.Seed is not { } seed)
        {
            await OwnProcess.RunAsync(GetType(), nameof(Mutated_requests_get_AWS_shaped_answers), Random.Shared.Next());
            return;
        }
        using var faults = new FaultLog();
        await using KinesisServer server = await KinesisServer.StartAsync(new EmbeddedStreamsOptions { BytesMax = RecordsMax }, log: faults);
        server.Streams.Create("clicks", 2);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => SendAsync(server, new RequestMutator(seed + worker, Good)))));

        Assert.True(faults.Faults.IsEmpty, $"seed {seed}: {string.Join("\n", faults.Faults.Take(3))}");
        await server.CallAsync("DescribeStreamSummary", new { StreamName = "clicks" });
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(grown < GrowthMax, $"seed {seed}: memory grew by {grown} bytes");
    }

    private static async Task SendAsync(KinesisServer server, RequestMutator requests)
    {
        using var http = new HttpClient { BaseAddress = server.Http.BaseAddress, Timeout = TimeSpan.FromSeconds(20) };
        for (int i = 0; i < Requests / Workers; i++)
        {
            using HttpRequestMessage request = requests.Next();
            using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Check(response, body);
        }
    }

    private static void Check(HttpResponseMessage response, byte[] body)
    {
        if (response.StatusCode is HttpStatusCode.InternalServerError)
        {
            // AWS's own 500, for numbers of its first format; a fault of ours is in the log and fails the test.
            Assert.Equal("InternalFailure", ErrorOf(response, body));
            return;
        }
        Assert.Contains((int)response.StatusCode, (int[])[200, 400, 403, 404, 413, 431]);
        if (response.StatusCode is HttpStatusCode.BadRequest && response.Content.Headers.ContentType?.MediaType is KinesisServer.JsonType or CborText.ContentType)
            Assert.False(string.IsNullOrEmpty(ErrorOf(response, body)));
    }

    private static string ErrorOf(HttpResponseMessage response, byte[] body) =>
        (response.Content.Headers.ContentType!.MediaType == CborText.ContentType ? CborText.ToJson(body) : JsonNode.Parse(body))!["__type"]!.GetValue<string>();
}
