using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LambdaStreamRunner.StreamServer.Tests.Protocol.Cbor;
using LambdaStreamRunner.StreamServer.Tests.Subscriptions;

namespace LambdaStreamRunner.StreamServer.Tests.Clients;

/// <summary>What Java's SDKs send, and with them the KCL, Flink and Spark: CBOR over HTTP/2 without asking. Frame by frame, so that no Java is needed.</summary>
public class JavaFramesTests
{
    [Theory]
    [InlineData(nameof(CborForm.Indefinite))]
    [InlineData(nameof(CborForm.Definite))]
    [InlineData(nameof(CborForm.InPieces))]
    public async Task A_consumer_creates_puts_reads_reshards_and_subscribes(string form)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        var java = new JavaClient(server, Enum.Parse<CborForm>(form));

        await java.CallAsync("CreateStream", """{"StreamName":"clicks","ShardCount":1}""");
        JsonNode put = (await java.CallAsync("PutRecord", """{"StreamName":"clicks","PartitionKey":"schl\u00fcssel","Data":"AP8BAg=="}"""))!;
        JsonNode many = (await java.CallAsync("PutRecords", """{"StreamName":"clicks","Records":[{"PartitionKey":"a","Data":"dHdv"},{"PartitionKey":"b","Data":""}]}"""))!;
        Assert.Equal("shardId-000000000000", put["ShardId"]!.GetValue<string>());
        Assert.Equal(0, many["FailedRecordCount"]!.GetValue<long>());

        string iterator = (await java.CallAsync(
            "GetShardIterator", """{"StreamName":"clicks","ShardId":"shardId-000000000000","ShardIteratorType":"AT_TIMESTAMP","Timestamp":1767225599.999}"""))!["ShardIterator"]!.GetValue<string>();
        JsonNode read = (await java.CallAsync("GetRecords", $$"""{"ShardIterator":"{{iterator}}","Limit":100}"""))!;
        Assert.Equal(["AP8BAg==", "dHdv", ""], read["Records"]!.AsArray().Select(record => record!["Data"]!.GetValue<string>()));
        Assert.Equal(1767225600m, read["Records"]![0]!["ApproximateArrivalTimestamp"]!.GetValue<decimal>());

        string consumer = (await java.CallAsync("RegisterStreamConsumer", $$"""{"StreamARN":"{{server.Streams.Get("clicks").Arn}}","ConsumerName":"fan"}"""))!["Consumer"]!["ConsumerARN"]!.GetValue<string>();
        await using EventReader events = await java.SubscribeAsync(
            $$$"""{"ConsumerARN":"{{{consumer}}}","ShardId":"shardId-000000000000","StartingPosition":{"Type":"AT_TIMESTAMP","Timestamp":1767225600}}""");
        EventFrameRead first = await events.NextEventAsync();
        Assert.Equal((CborText.ContentType, 3), (first.Headers[":content-type"], first.Texts.Length));

        await java.CallAsync("SplitShard", """{"StreamName":"clicks","ShardToSplit":"shardId-000000000000","NewStartingHashKey":"9"}""");
        EventFrameRead end = await events.NextEventAsync();
        Assert.Equal((null, 2), (end.Continuation, end.Json["ChildShards"]!.AsArray().Count));
        Assert.Null(await events.NextAsync());
        JsonNode closed = (await java.CallAsync("GetRecords", $$"""{"ShardIterator":"{{iterator}}"}"""))!;
        Assert.Equal((null, 2), (closed["NextShardIterator"], closed["ChildShards"]!.AsArray().Count));
        Assert.Equal(["HTTP/2"], server.Protocols);
    }

    [Fact]
    public async Task An_error_is_a_map_with_type_and_message()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        using HttpResponseMessage answer = await new JavaClient(server, CborForm.Indefinite).SendAsync(
            "DescribeStream", """{"StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/none"}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(
            """{"__type":"ResourceNotFoundException","message":"Stream none under account 000000000000 not found."}""",
            CborText.ToJson(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken))!.ToJsonString());
    }

    /// <summary>A request byte for byte: <c>{_ "StreamName": "clicks", "PartitionKey": "k", "Data": h'686921' }</c>.</summary>
    [Fact]
    public async Task A_frame_is_understood_byte_for_byte()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);
        byte[] frame = Convert.FromHexString("bf6a53747265616d4e616d6566636c69636b73" + "6c506172746974696f6e4b6579616b" + "644461746143686921" + "ff");

        using HttpResponseMessage answer = await JavaClient.SendAsync(server, "PutRecord", frame);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        JsonNode read = JsonNode.Parse((await server.CallAsync("GetRecords", new { ShardIterator = await server.IteratorAsync("clicks", "TRIM_HORIZON") })).GetRawText())!;
        Assert.Equal("hi!", Encoding.ASCII.GetString(Convert.FromBase64String(read["Records"]![0]!["Data"]!.GetValue<string>())));
    }

    private sealed class JavaClient(KinesisServer server, CborForm form)
    {
        public static Task<HttpResponseMessage> SendAsync(KinesisServer server, string action, byte[] body)
        {
            HttpRequestMessage request = CborText.Request(action, body);
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            return server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        }

        public Task<HttpResponseMessage> SendAsync(string action, string json) => SendAsync(server, action, CborText.FromJson(json, form));

        public async Task<JsonNode?> CallAsync(string action, string json)
        {
            using HttpResponseMessage answer = await SendAsync(action, json);
            byte[] body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.Equal(CborText.ContentType, answer.Content.Headers.ContentType!.ToString());
            JsonNode? node = body.Length == 0 ? null : CborText.ToJson(body);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{action}: {node?.ToJsonString()}");
            return node;
        }

        public async Task<EventReader> SubscribeAsync(string json)
        {
            HttpResponseMessage answer = await SendAsync("SubscribeToShard", json);
            Assert.Equal("application/vnd.amazon.eventstream", answer.Content.Headers.ContentType!.ToString());
            var events = new EventReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
            Assert.Equal("event initial-response", (await events.NextAsync())?.Kind);
            return events;
        }
    }
}
