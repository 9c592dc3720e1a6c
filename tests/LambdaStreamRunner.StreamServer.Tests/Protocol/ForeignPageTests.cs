using System.Net;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;
using LambdaStreamRunner.StreamServer.Tests.Protocol.Cbor;

namespace LambdaStreamRunner.StreamServer.Tests.Protocol;

/// <summary>What a page in a browser may do: one of this server everything, one of another origin that is let in read, any other nothing.</summary>
public sealed class ForeignPageTests : IAsyncLifetime
{
    private KinesisServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await KinesisServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_page_of_another_origin_may_call_what_changes_nothing()
    {
        foreach (string action in KinesisEndpoint.ActionNames.Where(Reads))
            Assert.NotEqual(HttpStatusCode.Forbidden, await StatusAsync(action, "http://localhost:1"));
    }

    [Theory]
    [InlineData("http://localhost:1")]
    [InlineData("http://kinesis.test")]
    public async Task A_page_of_another_origin_changes_nothing_even_when_it_is_let_in(string origin)
    {
        string[] changing = [.. KinesisEndpoint.ActionNames.Where(action => !Reads(action))];
        Assert.Equal(26, changing.Length);
        foreach (string action in changing)
            Assert.Equal((action, HttpStatusCode.Forbidden), (action, await StatusAsync(action, origin)));
        Assert.Empty(_server.Streams.All);
    }

    [Theory]
    [InlineData("application/x-amz-json-1.1")]
    [InlineData("application/x-amz-cbor-1.1")]
    public async Task The_refusal_is_AWS_s_and_says_what_to_do(string contentType)
    {
        HttpRequestMessage request = contentType == CborText.ContentType
            ? CborText.Request("CreateStream", CborText.FromJson("""{"StreamName":"clicks"}"""))
            : KinesisServer.Request("CreateStream", """{"StreamName":"clicks"}""");
        request.Headers.Add("Origin", "http://localhost:1");

        using HttpResponseMessage answer = await _server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        byte[] body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(contentType, answer.Content.Headers.ContentType!.ToString());
        string json = contentType == CborText.ContentType ? CborText.ToJson(body)!.ToJsonString() : System.Text.Encoding.UTF8.GetString(body);
        Assert.Equal(
            """
            {"__type":"AccessDeniedException","message":"The page at http://localhost:1 comes from another origin and may only read: CreateStream is refused. Send it from a program, or from a page of this server."}
            """.Trim(),
            json);
    }

    [Fact]
    public async Task A_page_of_this_server_and_a_program_may_change()
    {
        string own = _server.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("CreateStream", own, """{"StreamName":"one"}"""));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("CreateStream", origin: null, """{"StreamName":"two"}"""));
    }

    [Theory]
    [InlineData("GET", "http://localhost:1", false)]
    [InlineData("OPTIONS", "http://localhost:1", false)]
    [InlineData("POST", "http://localhost:1", true)]
    [InlineData("PUT", "http://localhost:1", true)]
    [InlineData("DELETE", "http://kinesis.test", true)]
    public async Task Other_requests_of_such_a_page_must_be_reading_ones_before_they_are_routed(string method, string origin, bool isRefused)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/2015-03-31/event-source-mappings");
        request.Headers.Add("Origin", origin);

        (_, string body) = await _server.SendAsync(request);

        Assert.Equal(isRefused, body.Contains("comes from another origin and may only read", StringComparison.Ordinal));
    }

    private static bool Reads(string action) =>
        action is "DescribeAccountSettings" or "DescribeLimits" or "DescribeStream" or "DescribeStreamConsumer" or "DescribeStreamSummary"
            or "GetRecords" or "GetResourcePolicy" or "GetShardIterator" or "ListShards" or "ListStreamConsumers" or "ListStreams"
            or "ListTagsForResource" or "ListTagsForStream";

    private async Task<HttpStatusCode> StatusAsync(string action, string? origin, string body = "{}")
    {
        HttpRequestMessage request = KinesisServer.Request(action, body);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return (await _server.SendAsync(request)).Status;
    }
}
