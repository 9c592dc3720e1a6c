using System.Net;
using System.Net.Http.Headers;
using System.Text;
using LambdaStreamRunner.StreamServer.Tests.Protocol.Cbor;
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
    [InlineData("ListStreams", "hello", """{"__type":"SerializationException"}""")]
    [InlineData("ListStreams", "null", """{"__type":"SerializationException"}""")]
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
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("DELETE")]
    [InlineData("FROBNICATE")]
    public async Task Other_methods_are_denied_in_xml(string method)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/some/path");

        (HttpStatusCode status, string body) = await server.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal(method == "HEAD" ? "" : "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be authorized</Message>\n</AccessDeniedException>\n", body);
    }

    [Theory]
    [InlineData("text/plain", "{}", 404, "<UnknownOperationException/>\n")]
    [InlineData("application/x-amz-json-1.0", "{}", 404, "<UnknownOperationException/>\n")]
    [InlineData("application/json", "{}", 404, """{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}""")]
    [InlineData("application/json", "hello", 400, """{"Output":{"__type":"com.amazon.coral.service#SerializationException"},"Version":"1.0"}""")]
    [InlineData("application/json; charset=utf-8", "[]", 400, """{"Output":{"__type":"com.amazon.coral.service#SerializationException"},"Version":"1.0"}""")]
    public async Task Other_content_types_are_refused(string contentType, string sent, int status, string body)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        HttpRequestMessage request = KinesisServer.Request("ListStreams", sent);
        request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

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

    [Theory]
    [InlineData("POST", "ListStreams", KinesisServer.JsonType, "{}", 200, KinesisServer.JsonType)]
    [InlineData("POST", "CreateStream", KinesisServer.JsonType, """{"StreamName":"clicks"}""", 200, KinesisServer.JsonType)]
    [InlineData("POST", "CreateStream", CborText.ContentType, "?", 400, CborText.ContentType)]
    [InlineData("POST", "DescribeStream", KinesisServer.JsonType, """{"StreamName":"none"}""", 400, KinesisServer.JsonType)]
    [InlineData("POST", "ListStreams", "application/json", "{}", 404, "application/json")]
    [InlineData("POST", "ListStreams", "text/plain", "{}", 404, null)]
    [InlineData("GET", "ListStreams", KinesisServer.JsonType, "", 403, null)]
    [InlineData("GetShardIterator", "ListStreams", KinesisServer.JsonType, "", 403, null)]
    public async Task Every_answer_has_its_ids_its_length_and_the_content_type_of_the_request(
        string method, string action, string contentType, string body, int status, string? answered)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        HttpRequestMessage request = KinesisServer.Request(action, body);
        request.Method = new HttpMethod(method);
        request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

        using HttpResponseMessage answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.True(Guid.TryParse(answer.Headers.GetValues("x-amzn-RequestId").Single(), out _));
        Assert.Equal(72, Convert.FromBase64String(answer.Headers.GetValues("x-amz-id-2").Single()).Length);
        Assert.Equal(answered, answer.Content.Headers.ContentType?.ToString());
        Assert.NotNull(answer.Content.Headers.ContentLength);
        Assert.NotNull(answer.Headers.Date);
        if (action == "CreateStream" && status == 200)
            Assert.Equal(0, answer.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    public async Task An_empty_body_of_any_other_type_is_answered_in_CBOR(string? contentType)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        foreach ((string action, string error) in new[] { ("ListStreams", "SerializationException"), ("Dance", "UnknownOperationException") })
        {
            HttpRequestMessage request = KinesisServer.Request(action, "");
            request.Content!.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);

            using HttpResponseMessage answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal(CborText.ContentType, answer.Content.Headers.ContentType!.ToString());
            Assert.Equal($$"""{"__type":"{{error}}"}""", CborText.ToJson(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken))!.ToJsonString());
        }
    }

    [Fact]
    public async Task A_page_of_an_allowed_origin_may_ask_what_it_may_send()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        using var ask = new HttpRequestMessage(HttpMethod.Options, "/");
        ask.Headers.Add("Origin", "http://localhost:5173");
        ask.Headers.Add("Access-Control-Request-Headers", "x-amz-target, a");
        ask.Headers.Add("Access-Control-Request-Method", "POST");

        using HttpResponseMessage asked = await server.Http.SendAsync(ask, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        Assert.Equal("*", asked.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("x-amz-target, a", string.Join(", ", asked.Headers.GetValues("Access-Control-Allow-Headers")));
        Assert.Equal("POST", asked.Headers.GetValues("Access-Control-Allow-Methods").Single());
        Assert.Equal("172800", asked.Headers.GetValues("Access-Control-Max-Age").Single());
        Assert.False(asked.Headers.Contains("Access-Control-Expose-Headers"));
        Assert.False(asked.Headers.Contains("x-amz-id-2"));
        Assert.True(asked.Headers.Contains("x-amzn-RequestId"));
        Assert.Equal(0, asked.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    public async Task A_page_of_an_allowed_origin_may_read_the_answer_and_its_ids(string method)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        HttpRequestMessage call = KinesisServer.Request("ListStreams", "{}");
        call.Method = new HttpMethod(method);
        call.Headers.Add("Origin", "http://kinesis.test");

        using HttpResponseMessage called = await server.Http.SendAsync(call, TestContext.Current.CancellationToken);

        Assert.Equal(method == "POST" ? HttpStatusCode.OK : HttpStatusCode.Forbidden, called.StatusCode);
        Assert.Equal("*", called.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal(
            "x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date",
            string.Join(',', called.Headers.GetValues("Access-Control-Expose-Headers")));
        Assert.True(called.Headers.Contains("x-amz-id-2"));
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

    [Fact]
    public async Task Without_a_target_and_a_content_type_nothing_can_be_authorized()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("{}", Encoding.UTF8, "text/plain") };

        (HttpStatusCode status, string body) = await server.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.StartsWith("<AccessDeniedException>", body, StringComparison.Ordinal);
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
