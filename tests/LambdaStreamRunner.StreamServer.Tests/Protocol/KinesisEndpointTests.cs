using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.StreamServer.Tests.Protocol;

/// <summary>Kinesis reference 1.2 to 1.5.</summary>
public class KinesisEndpointTests
{
    [Theory]
    [InlineData("ListStreams", "", """{"__type":"SerializationException"}""")]
    [InlineData("Dance", "", """{"__type":"UnknownOperationException"}""")]
    [InlineData("ListStreams", "[]", """{"__type":"SerializationException"}""")]
    [InlineData("ListStreams", "{", """{"__type":"SerializationException"}""")]
    [InlineData("Dance", "{", """{"__type":"SerializationException"}""")]
    [InlineData("Dance", "{}", """{"__type":"UnknownOperationException"}""")]
    [InlineData("CreateChannel", "{}", """{"__type":"UnknownOperationException"}""")]
    public async Task Body_and_target_are_checked_in_the_order_of_kinesis(string action, string body, string answer)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        Assert.Equal((HttpStatusCode.BadRequest, answer), await server.SendAsync(KinesisServer.Request(action, body)));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    public async Task Other_methods_are_denied_in_xml(string method)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/some/path");

        (HttpStatusCode status, string body) = await server.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal("<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be authorized</Message>\n</AccessDeniedException>\n", body);
    }

    [Theory]
    [InlineData("text/plain", 404, "<UnknownOperationException/>\n")]
    [InlineData("application/json", 404, """{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}""")]
    public async Task Other_content_types_are_refused(string contentType, int status, string body)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        HttpRequestMessage request = KinesisServer.Request("ListStreams", "{}");
        request.Content!.Headers.ContentType = new MediaTypeHeaderValue(contentType);

        Assert.Equal(((HttpStatusCode)status, body), await server.SendAsync(request));
    }

    [Fact]
    public async Task A_charset_does_not_matter()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        HttpRequestMessage request = KinesisServer.Request("ListStreams", "{}");
        request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse($"{KinesisServer.JsonType}; charset=utf-8");

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(request)).Status);
    }

    [Fact]
    public async Task A_request_must_be_signed_in_one_way_and_completely()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        HttpRequestMessage none = KinesisServer.Request("ListStreams", "{}");
        none.Headers.Remove("Authorization");
        Assert.Equal("MissingAuthenticationTokenException: Missing Authentication Token", await server.RefusedAsync(none));

        HttpRequestMessage both = KinesisServer.Request("ListStreams", "{}");
        both.RequestUri = new Uri("/?X-Amz-Algorithm=x", UriKind.Relative);
        Assert.Equal(
            "InvalidSignatureException: Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
            await server.RefusedAsync(both));

        HttpRequestMessage half = KinesisServer.Request("ListStreams", "{}");
        half.Headers.Remove("Authorization");
        half.Headers.Remove("X-Amz-Date");
        half.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 Signature=b");
        Assert.Equal(
            "IncompleteSignatureException: Authorization header requires 'Credential' parameter. Authorization header requires 'SignedHeaders' parameter. "
            + "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256 Signature=b",
            await server.RefusedAsync(half));

        HttpRequestMessage query = KinesisServer.Request("ListStreams", "{}");
        query.Headers.Remove("Authorization");
        query.RequestUri = new Uri("/?X-Amz-Algorithm=x&X-Amz-Credential=c&X-Amz-Date=d&X-Amz-SignedHeaders=h", UriKind.Relative);
        Assert.Equal(
            "IncompleteSignatureException: AWS query-string parameters must include 'X-Amz-Signature'. Re-examine the query-string parameters.",
            await server.RefusedAsync(query));
    }

    [Fact]
    public async Task Every_answer_has_its_ids_and_content_type()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        using HttpResponseMessage answer = await server.Http.SendAsync(
            KinesisServer.Request("CreateStream", """{"StreamName":"clicks","ShardCount":1}"""), TestContext.Current.CancellationToken);

        Assert.True(Guid.TryParse(answer.Headers.GetValues("x-amzn-RequestId").Single(), out _));
        Assert.Equal(72, Convert.FromBase64String(answer.Headers.GetValues("x-amz-id-2").Single()).Length);
        Assert.Equal(KinesisServer.JsonType, answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(0, answer.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_browser_from_an_allowed_origin_may_ask_and_call()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        using var ask = new HttpRequestMessage(HttpMethod.Options, "/");
        ask.Headers.Add("Origin", "http://localhost:5173");
        ask.Headers.Add("Access-Control-Request-Headers", "x-amz-target");
        ask.Headers.Add("Access-Control-Request-Method", "POST");
        HttpRequestMessage call = KinesisServer.Request("ListStreams", "{}");
        call.Headers.Add("Origin", "http://kinesis.test");

        using HttpResponseMessage asked = await server.Http.SendAsync(ask, TestContext.Current.CancellationToken);
        using HttpResponseMessage called = await server.Http.SendAsync(call, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        Assert.Equal("x-amz-target", asked.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.Equal("172800", asked.Headers.GetValues("Access-Control-Max-Age").Single());
        Assert.False(asked.Headers.Contains("x-amz-id-2"));
        Assert.Equal("*", called.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("x-amzn-RequestId", called.Headers.GetValues("Access-Control-Expose-Headers").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Null_is_absent_and_unknown_members_are_passed_over()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        (HttpStatusCode status, _) = await server.SendAsync(KinesisServer.Request("ListStreams", """{"Limit":null,"Colour":"blue"}"""));

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Without_a_target_the_answer_is_kinesis_own_error()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/any/where") { Content = new StringContent("{}", Encoding.UTF8, KinesisServer.JsonType) };

        Assert.Equal((HttpStatusCode.BadRequest, """{"__type":"UnknownOperationException"}"""), await server.SendAsync(request));
    }

    [Theory]
    [InlineData("""{"StreamName":"clicks","PartitionKey":"k","Data":""}""")]
    [InlineData("""{"StreamName":"clicks","PartitionKey":"k","Data":"","Colour":"blue"}""")]
    public async Task A_fault_of_the_server_is_an_InternalFailure_for_requests_of_any_shape(string put)
    {
        var clock = new BreakableClock();
        await using KinesisServer server = await KinesisServer.StartAsync(clock: clock);
        server.Streams.Create("clicks", 1);
        clock.IsBroken = true;

        Assert.Equal((HttpStatusCode.InternalServerError, """{"__type":"InternalFailure"}"""), await server.SendAsync(KinesisServer.Request("PutRecord", put)));
    }

    private sealed class BreakableClock : FakeTimeProvider
    {
        public bool IsBroken { get; set; }

        public override DateTimeOffset GetUtcNow() => IsBroken ? throw new NotSupportedException("The clock is broken.") : base.GetUtcNow();
    }
}
