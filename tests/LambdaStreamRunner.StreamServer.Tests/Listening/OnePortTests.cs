using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Tests.Listening;

/// <summary>Real sockets: HTTP/1.1, HTTP/2 with prior knowledge, and TLS on the same port.</summary>
public class OnePortTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Theory]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_cleartext_port_speaks_every_version(string version)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        Assert.Equal(Version.Parse(version), await CreateAndPutAsync(server.Http, Version.Parse(version)));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task With_a_certificate_the_same_port_speaks_tls_and_cleartext(string version)
    {
        using X509Certificate2 certificate = DevelopmentCertificate.Create(Now);
        await using KinesisServer server = await KinesisServer.StartAsync(certificate: certificate);
        using HttpClient secure = Trusting(certificate, new UriBuilder(server.Url) { Scheme = "https" }.Uri);

        Assert.Equal(Version.Parse(version), await CreateAndPutAsync(secure, Version.Parse(version)));
        Assert.Equal(1, (await server.CallAsync("ListStreams", new { })).GetProperty("StreamNames").GetArrayLength());
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task The_certificate_is_for_the_names_of_this_machine(string host)
    {
        using X509Certificate2 certificate = DevelopmentCertificate.Create(Now);
        await using KinesisServer server = await KinesisServer.StartAsync(certificate: certificate);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, new Uri(server.Url).Port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(tcp.GetStream());

        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = host,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                CertificateChainPolicy = Trust(certificate),
            },
            TestContext.Current.CancellationToken);

        Assert.Equal(SslApplicationProtocol.Http2, tls.NegotiatedApplicationProtocol);
    }

    [Fact]
    public async Task Many_requests_share_one_http2_connection_in_any_order()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 4);

        JsonElement[] puts = await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            HttpRequestMessage request = KinesisServer.Request("PutRecord", $$"""{"StreamName":"clicks","PartitionKey":"{{i}}","Data":"aGk="}""");
            using HttpResponseMessage answer = await SendAsync(server.Http, request, HttpVersion.Version20);
            return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }));

        Assert.Equal(300, puts.Select(put => put.GetProperty("SequenceNumber").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task A_body_of_thirteen_megabytes_passes_over_http2()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);
        string data = Convert.ToBase64String(new byte[1_000_000]);
        string entries = string.Join(',', Enumerable.Range(0, 10).Select(i => $$"""{"PartitionKey":"{{i}}","Data":"{{data}}"}"""));
        HttpRequestMessage request = KinesisServer.Request("PutRecords", $$"""{"StreamName":"clicks","Records":[{{entries}}]}""");

        using HttpResponseMessage answer = await SendAsync(server.Http, request, HttpVersion.Version20);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task An_open_http2_connection_does_not_hold_up_a_stop()
    {
        KinesisServer server = await KinesisServer.StartAsync();
        await CreateAndPutAsync(server.Http, HttpVersion.Version20);

        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);

        await server.DisposeAsync();
    }

    [Fact]
    public async Task What_is_no_protocol_at_all_gets_an_answer_and_an_end()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, new Uri(server.Url).Port, TestContext.Current.CancellationToken);
        NetworkStream stream = tcp.GetStream();
        await stream.WriteAsync("\0\u0001\u0002 nonsense\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);

        using var reader = new StreamReader(stream, Encoding.ASCII);
        string answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
    }

    private static async Task<Version> CreateAndPutAsync(HttpClient http, Version version)
    {
        using HttpResponseMessage created = await SendAsync(http, KinesisServer.Request("CreateStream", """{"StreamName":"clicks","ShardCount":1}"""), version);
        Assert.Equal(HttpStatusCode.OK, created.StatusCode);
        using HttpResponseMessage put = await SendAsync(
            http, KinesisServer.Request("PutRecord", """{"StreamName":"clicks","PartitionKey":"a","Data":"aGk="}"""), version);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        return version.Minor == 0 && version.Major == 1 ? version : put.Version;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, HttpRequestMessage request, Version version)
    {
        request.Version = version;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        return http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static HttpClient Trusting(X509Certificate2 certificate, Uri address) => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trust(certificate) },
    })
    {
        BaseAddress = address,
    };

    private static X509ChainPolicy Trust(X509Certificate2 certificate) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { certificate },
        RevocationMode = X509RevocationMode.NoCheck,
    };
}
