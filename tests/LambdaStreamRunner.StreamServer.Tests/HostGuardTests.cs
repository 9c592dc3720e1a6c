using System.Net;

namespace LambdaStreamRunner.StreamServer.Tests;

public class HostGuardTests
{
    [Theory]
    [InlineData("localhost:4566", null)]
    [InlineData("LOCALHOST", "http://127.0.0.1:8080")]
    [InlineData("127.0.0.1:4566", null)]
    [InlineData("127.9.9.9", "https://localhost")]
    [InlineData("[::1]:4566", "http://[::1]:99")]
    [InlineData("kinesis.test:4566", "http://kinesis.test")]
    public async Task Loopback_and_allowed_names_pass(string host, string? origin) =>
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(host, origin)).Status);

    [Theory]
    [InlineData("evil.example", null)]
    [InlineData("localhost.evil.example", null)]
    [InlineData("10.0.0.1", null)]
    [InlineData("127.0.0.1.evil.example", "http://localhost")]
    public async Task Other_hosts_are_refused_as_AWS_refuses_so_that_clients_show_the_way_out(string host, string? origin) =>
        Assert.Equal(
            (HttpStatusCode.Forbidden, $$"""{"__type":"AccessDeniedException","message":"The host {{host}} is not allowed: use localhost, or start with --allow-host NAME."}"""),
            await AskAsync(host, origin));

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("https://localhost.evil.example")]
    [InlineData("null")]
    [InlineData("file:///tmp/page.html")]
    public async Task Pages_of_other_hosts_are_refused_and_may_not_read_why(string origin)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        foreach (string method in new[] { "POST", "GET", "OPTIONS" })
        {
            HttpRequestMessage request = Request("localhost", origin);
            request.Method = new HttpMethod(method);
            using HttpResponseMessage answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        }
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(string host, string? origin)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        return await server.SendAsync(Request(host, origin));
    }

    private static HttpRequestMessage Request(string host, string? origin)
    {
        HttpRequestMessage request = KinesisServer.Request("ListStreams", "{}");
        request.Headers.Host = host;
        if (origin is not null)
            request.Headers.TryAddWithoutValidation("Origin", origin);
        return request;
    }
}
