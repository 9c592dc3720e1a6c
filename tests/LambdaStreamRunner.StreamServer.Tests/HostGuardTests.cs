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
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, origin));

    [Theory]
    [InlineData("evil.example", null)]
    [InlineData("localhost.evil.example", null)]
    [InlineData("10.0.0.1", null)]
    [InlineData("localhost", "http://evil.example")]
    [InlineData("localhost", "null")]
    [InlineData("localhost", "file:///tmp/page.html")]
    [InlineData("127.0.0.1.evil.example", "http://localhost")]
    public async Task Others_are_refused(string host, string? origin) =>
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(host, origin));

    private static async Task<HttpStatusCode> StatusAsync(string host, string? origin)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        HttpRequestMessage request = KinesisServer.Request("ListStreams", "{}");
        request.Headers.Host = host;
        if (origin is not null)
            request.Headers.TryAddWithoutValidation("Origin", origin);
        return (await server.SendAsync(request)).Status;
    }
}
