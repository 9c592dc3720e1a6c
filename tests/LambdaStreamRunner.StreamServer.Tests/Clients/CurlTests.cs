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

    private static Task<string> PutAsync(string url, params string[] options) => ClientProcess.RunAsync(
        Curl, [
            .. options, "--silent", "--show-error", "--fail-with-body",
            "-H", "Content-Type: application/x-amz-json-1.1", "-H", "X-Amz-Target: Kinesis_20131202.PutRecord", "-H", "X-Amz-Date: 20260101T000000Z",
            "-H", "Authorization: AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0",
            "--data", """{"StreamName":"clicks","PartitionKey":"a","Data":"aGk="}""", url,
        ]);
}
