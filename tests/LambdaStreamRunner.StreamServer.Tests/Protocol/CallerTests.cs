using System.Net;
using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Tests.Protocol;

/// <summary>Region and account of the credentials: they show in ARNs and texts, and choose nothing.</summary>
public class CallerTests
{
    [Theory]
    [InlineData("Credential=123456789012/20260101/eu-west-1/kinesis/aws4_request, ", "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks")]
    [InlineData("Credential=AKIAEXAMPLE/20260101/cn-north-1/kinesis/aws4_request, ", "arn:aws-cn:kinesis:cn-north-1:000000000000:stream/clicks")]
    [InlineData("Credential=123456789012/20260101/us-gov-west-1/kinesis/aws4_request, ", "arn:aws-us-gov:kinesis:us-gov-west-1:123456789012:stream/clicks")]
    [InlineData("Credential=1234567890123/20260101/local/kinesis/aws4_request, ", "arn:aws:kinesis:local:000000000000:stream/clicks")]
    [InlineData("Credential=something else, ", "arn:aws:kinesis:us-east-1:000000000000:stream/clicks")]
    public async Task A_stream_that_a_client_creates_has_the_clients_region_and_account(string credential, string arn)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        await SendAsync(server, "CreateStream", """{"StreamName":"clicks","ShardCount":1}""", credential);

        Assert.Equal(arn, (await server.CallAsync("DescribeStreamSummary", new { StreamName = "clicks" })).GetProperty("StreamDescriptionSummary").GetProperty("StreamARN").GetString());
        Assert.Equal(arn, (await server.CallAsync("ListStreams", new { })).GetProperty("StreamSummaries")[0].GetProperty("StreamARN").GetString());
        await server.CallAsync("PutRecord", new { StreamARN = arn, PartitionKey = "k", Data = "" });
    }

    [Fact]
    public async Task Errors_name_the_callers_account()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        (HttpStatusCode status, string body) = await SendAsync(
            server, "DescribeStream", """{"StreamName":"none"}""", "Credential=123456789012/20260101/eu-west-1/kinesis/aws4_request, ");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            "Stream none under account 123456789012 not found.", JsonSerializer.Deserialize<JsonElement>(body).GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_stream_with_an_ARN_of_its_own_is_shown_under_it_to_everybody()
    {
        const string Arn = "arn:aws:kinesis:eu-central-1:210987654321:stream/orders";
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("orders", 1, arn: Arn);

        JsonElement description = (await server.CallAsync("DescribeStream", new { StreamARN = Arn })).GetProperty("StreamDescription");

        Assert.Equal(Arn, description.GetProperty("StreamARN").GetString());
        Assert.Equal("210987654321", server.Streams.Get("orders").Account);
    }

    private static Task<(HttpStatusCode Status, string Body)> SendAsync(KinesisServer server, string action, string body, string credential)
    {
        HttpRequestMessage request = KinesisServer.Request(action, body);
        request.Headers.Remove("Authorization");
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 {credential}SignedHeaders=host, Signature=00");
        return server.SendAsync(request);
    }
}
