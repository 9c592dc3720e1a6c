using System.Text.Json;
using LambdaStreamRunner.StreamServer.Tests.Subscriptions;

namespace LambdaStreamRunner.StreamServer.Tests.Clients;

/// <summary>curl: any version of HTTP, with and without TLS, on one port.</summary>
public class CurlTests
{
    private const string Curl = "/usr/bin/curl";

    public CurlTests() => ClientProcess.Require(Curl, "curl");

    [Theory]
    [InlineData("--http2-prior-knowledge", "HTTP/2")]
    [InlineData("--http1.1", "HTTP/1.1")]
    [InlineData("--http2", "HTTP/1.1")]                       // asks for an upgrade, which need not be granted
    public async Task A_shell_user_puts_a_record_over_cleartext(string version, string protocol)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);

        string answer = await PutAsync(server.Url, version);

        Assert.Contains("\"ShardId\":\"shardId-000000000000\"", answer, StringComparison.Ordinal);
        Assert.Equal([protocol], server.Protocols);
    }

    [Fact]
    public async Task A_shell_user_creates_puts_reads_reshards_and_subscribes_over_http2()
    {
        string folder = Directory.CreateTempSubdirectory("curl-").FullName;
        try
        {
            await using KinesisServer server = await KinesisServer.StartAsync();
            string[] http2 = ["--http2-prior-knowledge"];
            await CallAsync(server.Url, "CreateStream", """{"StreamName":"clicks","ShardCount":1}""", http2);
            await CallAsync(server.Url, "PutRecord", """{"StreamName":"clicks","PartitionKey":"a","Data":"aGk="}""", http2);
            string iterator = JsonSerializer.Deserialize<JsonElement>(await CallAsync(
                server.Url, "GetShardIterator", """{"StreamName":"clicks","ShardId":"shardId-000000000000","ShardIteratorType":"TRIM_HORIZON"}""", http2)).GetProperty("ShardIterator").GetString()!;
            Assert.Contains("\"Data\":\"aGk=\"", await CallAsync(server.Url, "GetRecords", $$"""{"ShardIterator":"{{iterator}}"}""", http2), StringComparison.Ordinal);
            await CallAsync(server.Url, "SplitShard", """{"StreamName":"clicks","ShardToSplit":"shardId-000000000000","NewStartingHashKey":"9"}""", http2);
            string consumer = JsonSerializer.Deserialize<JsonElement>(await CallAsync(
                server.Url, "RegisterStreamConsumer", $$"""{"StreamARN":"{{server.Streams.Get("clicks").Arn}}","ConsumerName":"fan"}""", http2))
                .GetProperty("Consumer").GetProperty("ConsumerARN").GetString()!;

            string saved = Path.Combine(folder, "events");
            await CallAsync(
                server.Url, "SubscribeToShard", $$$"""{"ConsumerARN":"{{{consumer}}}","ShardId":"shardId-000000000000","StartingPosition":{"Type":"TRIM_HORIZON"}}""", [.. http2, "-o", saved]);

            await using var events = new EventReader(File.OpenRead(saved));
            Assert.Equal("event initial-response", (await events.NextAsync())?.Kind);
            EventFrameRead all = await events.NextEventAsync();
            Assert.Equal(["hi"], all.Texts);
            Assert.Equal(2, all.Json["ChildShards"]!.AsArray().Count);
            Assert.Null(await events.NextAsync());
            Assert.Equal(["HTTP/2"], server.Protocols);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("--http2", "HTTP/2")]
    [InlineData("--http1.1", "HTTP/1.1")]
    public async Task A_shell_user_puts_a_record_over_TLS(string version, string protocol)
    {
        string folder = Directory.CreateTempSubdirectory("curl-").FullName;
        try
        {
            using var certificate = DevelopmentCertificate.LoadOrCreate(folder, TimeProvider.System.GetUtcNow());
            await using KinesisServer server = await KinesisServer.StartAsync(certificate: certificate);
            server.Streams.Create("clicks", 1);

            string answer = await PutAsync(
                new UriBuilder(server.Url) { Scheme = "https" }.Uri.ToString(), version, "--cacert", Path.Combine(folder, DevelopmentCertificate.CertificateFile));

            Assert.Contains("\"ShardId\":\"shardId-000000000000\"", answer, StringComparison.Ordinal);
            Assert.Equal([protocol], server.Protocols);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<string> PutAsync(string url, params string[] options) =>
        CallAsync(url, "PutRecord", """{"StreamName":"clicks","PartitionKey":"a","Data":"aGk="}""", options);

    private static Task<string> CallAsync(string url, string action, string body, string[] options) => ClientProcess.RunAsync(
        Curl, [
            .. options, "--silent", "--show-error", "--fail-with-body",
            "-H", "Content-Type: application/x-amz-json-1.1", "-H", $"X-Amz-Target: Kinesis_20131202.{action}", "-H", "X-Amz-Date: 20260101T000000Z",
            "-H", "Authorization: AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0",
            "--data", body, url,
        ]);
}
