using System.Net;
using System.Text;
using Amazon.Runtime;
using LambdaStreamRunner.Runner.Aws;

namespace LambdaStreamRunner.Runner.Tests.Aws;

public sealed class AwsClientTests : IDisposable
{
    private static readonly AwsRequest Request = AwsRequest.Json("Kinesis_20131202.ListShards", "{}"u8.ToArray());

    private readonly ScriptedService _service = new();

    private AwsClient Client(AwsRetryPolicy? retries = null) =>
        new(AwsEndpoint.Of("kinesis", "us-east-1", "http://localhost:1/"), TimeProvider.System, new BasicAWSCredentials("local", "local"), _service)
        {
            Retries = retries ?? AwsRetryPolicy.Standard with { FirstPause = TimeSpan.Zero },
        };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_good_answer_comes_with_its_body_and_the_id_of_the_request()
    {
        _service.Answers(HttpStatusCode.OK, "{\"Shards\":[]}", ("x-amzn-RequestId", "r-1"));

        AwsAnswer answer = await Client().SendAsync(Request, Cancellation);

        Assert.Equal("{\"Shards\":[]}", Encoding.UTF8.GetString(answer.Body));
        Assert.Equal((200, "r-1"), (answer.Status, answer.RequestId));
    }

    [Fact]
    public async Task Throttling_a_fault_of_the_service_and_no_answer_are_tried_again()
    {
        _service.Answers(HttpStatusCode.BadRequest, """{"__type":"ProvisionedThroughputExceededException","message":"Rate exceeded"}""")
            .CannotBeReached()
            .Answers(HttpStatusCode.OK, "{}");

        AwsAnswer answer = await Client().SendAsync(Request, Cancellation);

        Assert.Equal(200, answer.Status);
        Assert.Equal(3, _service.Requests.Count);
    }

    [Fact]
    public async Task After_the_last_attempt_the_error_is_the_callers()
    {
        for (int attempt = 0; attempt < 3; attempt++)
            _service.Answers(HttpStatusCode.InternalServerError, """{"__type":"InternalFailure"}""");

        AwsException error = await Assert.ThrowsAsync<AwsException>(() => Client().SendAsync(Request, Cancellation));

        Assert.Equal(("InternalFailure", 500, true), (error.Code, error.Status, error.IsTransient));
        Assert.Equal(3, _service.Requests.Count);
    }

    [Theory]
    [InlineData("""{"__type":"com.amazonaws.kinesis#ResourceNotFoundException","message":"Stream s not found"}""", "ResourceNotFoundException", "Stream s not found")]
    [InlineData("""{"__type":"SerializationException","Message":"capital"}""", "SerializationException", "capital")]
    [InlineData("""<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic does not exist</Message></Error></ErrorResponse>""", "NotFound", "Topic does not exist")]
    [InlineData("""<?xml version="1.0"?><Error><Code>NoSuchBucket</Code><Message>none</Message></Error>""", "NoSuchBucket", "none")]
    [InlineData("<UnknownOperationException/>", "UnknownOperationException", "")]
    [InlineData("go away", "HTTP 400", "the answer is 'go away'")]
    [InlineData("{ no JSON", "HTTP 400", "the answer is '{ no JSON'")]
    public async Task A_refusal_is_read_in_every_form_that_AWS_has_and_not_tried_again(string body, string code, string message)
    {
        _service.Answers(HttpStatusCode.BadRequest, body);

        AwsException error = await Assert.ThrowsAsync<AwsException>(() => Client().SendAsync(Request, Cancellation));

        Assert.Equal((code, $"{code}: {message}", false), (error.Code, error.Message, error.IsTransient));
        Assert.Single(_service.Requests);
    }

    [Fact]
    public async Task The_header_with_the_error_type_is_enough()
    {
        _service.Answers(HttpStatusCode.BadRequest, "", ("x-amzn-ErrorType", "AccessDeniedException:http://internal"), ("x-amzn-error-message", "no"));

        AwsException error = await Assert.ThrowsAsync<AwsException>(() => Client().SendAsync(Request, Cancellation));

        Assert.Equal("AccessDeniedException: no", error.Message);
    }

    [Fact]
    public async Task Who_cannot_be_reached_is_named()
    {
        _service.CannotBeReached();

        AwsException error = await Assert.ThrowsAsync<AwsException>(() => Client(AwsRetryPolicy.None).SendAsync(Request, Cancellation));

        Assert.Equal("Unreachable: http://localhost:1/ cannot be reached: Connection refused", error.Message);
    }

    [Fact]
    public void Pauses_double_up_to_their_limit_and_are_half_by_chance()
    {
        var policy = new AwsRetryPolicy(10, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        var throttled = new AwsException("SlowDown", "", 503);

        Assert.Equal([0.5, 1, 2, 2.5], new[] { 1, 2, 3, 4 }.Select(attempt => policy.PauseAfter(throttled, attempt, jitter: 0)!.Value.TotalSeconds));
        Assert.Equal([1, 2, 4, 5], new[] { 1, 2, 3, 4 }.Select(attempt => policy.PauseAfter(throttled, attempt, jitter: 1)!.Value.TotalSeconds));
        Assert.Null(policy.PauseAfter(throttled, attempt: 10, jitter: 0));
        Assert.Null(policy.PauseAfter(new AwsException("AccessDenied", "", 403), attempt: 1, jitter: 0));
    }

    public void Dispose() => _service.Dispose();
}
