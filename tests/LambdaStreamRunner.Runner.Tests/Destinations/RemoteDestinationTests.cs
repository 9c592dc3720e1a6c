using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Destinations;
using LambdaStreamRunner.Runner.Tests.Aws;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.Destinations;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html</summary>
public sealed partial class RemoteDestinationTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 23, 8, 7, 123, TimeSpan.FromHours(-2));
    private static readonly ServiceEndpoint Local = new(new Uri("http://127.0.0.1:1"));
    private static readonly OnFailureDestination.Queue Queue = new("arn:aws:sqs:eu-west-1:111122223333:failed", Local);
    private static readonly OnFailureDestination.Topic Topic = new("arn:aws:sns:eu-west-1:111122223333:failed", Local);
    private static readonly OnFailureDestination.Bucket Bucket = new("arn:aws:s3:::failed", Local);
    private static readonly Guid Mapping = Guid.Parse("0b1f6f0e-4f2c-4f9a-9a1b-2f3c4d5e6f70");

    private static readonly DiscardedBatchWriter Documents = new("arn:aws:lambda:eu-west-1:111122223333:function:orders", "arn:stream", "shardId-000000000003");
    private static readonly KinesisEventWriter Events = new("arn:stream", "eu-west-1", "arn:role", "shardId-000000000003");

    private static readonly DiscardedBatch Exhausted = new(
        [Record(1, "é \"quoted\""), Record(2, "two")], DiscardReason.RetryAttemptsExhausted, Guid.NewGuid(), 3, new DiscardedResponse("Unhandled", "boom"), Now);

    private readonly FakeTimeProvider _time = new(Now);
    private readonly ScriptedService _service = new();
    private readonly OnFailureDestinations _destinations;

    public RemoteDestinationTests() => _destinations = new OnFailureDestinations("eu-west-1", _time, new BasicAWSCredentials("key", "a secret"), () => _service)
    {
        Retries = RemoteDeliveries.Retries with { FirstPause = TimeSpan.Zero },
    };

    public void Dispose() => _destinations.Dispose();

    [Fact]
    public async Task A_queue_gets_the_document_as_the_body_of_a_message()
    {
        _service.Answers(HttpStatusCode.OK, """{"QueueUrl":"http://queues.local/q"}""").Answers(HttpStatusCode.OK, """{"MessageId":"1"}""");

        await DeliverAsync(Queue, Exhausted);

        (HttpRequestMessage message, byte[] body) = _service.Requests.Last();
        JsonElement request = JsonSerializer.Deserialize<JsonElement>(body);
        Assert.Equal("AmazonSQS.SendMessage", Assert.Single(message.Headers.GetValues("X-Amz-Target")));
        Assert.Equal("application/x-amz-json-1.0", message.Content!.Headers.ContentType!.ToString());
        Assert.Equal("http://queues.local/q", request.GetProperty("QueueUrl").GetString());
        Assert.Equal(DocumentOf(Exhausted), request.GetProperty("MessageBody").GetString());
        Assert.Contains("/eu-west-1/sqs/aws4_request", message.Headers.GetValues("Authorization").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_AWS_is_asked_once_where_the_queue_is()
    {
        _service.Answers(HttpStatusCode.OK, """{"QueueUrl":"http://queues.local/q"}""").Answers(HttpStatusCode.OK, "{}").Answers(HttpStatusCode.OK, "{}");

        await DeliverAsync(Queue, Exhausted);
        await DeliverAsync(Queue, Exhausted);

        Assert.Equal(
            ["AmazonSQS.GetQueueUrl", "AmazonSQS.SendMessage", "AmazonSQS.SendMessage"],
            _service.Requests.Select(request => request.Message.Headers.GetValues("X-Amz-Target").Single()));
        Assert.Equal("""{"QueueName":"failed","QueueOwnerAWSAccountId":"111122223333"}""", Encoding.UTF8.GetString(_service.Requests.First().Body));
    }

    [Fact]
    public async Task AWS_is_not_asked_since_the_ARN_says_it()
    {
        _service.Answers(HttpStatusCode.OK, "{}");

        await DeliverAsync(Queue with { Endpoint = ServiceEndpoint.Aws }, Exhausted);

        (HttpRequestMessage message, byte[] body) = Assert.Single(_service.Requests);
        Assert.Equal("https://sqs.eu-west-1.amazonaws.com/", message.RequestUri!.AbsoluteUri);
        Assert.Equal("https://sqs.eu-west-1.amazonaws.com/111122223333/failed", JsonSerializer.Deserialize<JsonElement>(body).GetProperty("QueueUrl").GetString());
    }

    [Theory]
    [InlineData("<html>Welcome</html>")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task A_server_that_is_no_SQS_is_called_so(string answer)
    {
        _service.Answers(HttpStatusCode.OK, answer);

        IOException failure = await Assert.ThrowsAsync<IOException>(() => DeliverAsync(Queue, Exhausted));

        Assert.Contains("http://127.0.0.1:1/ is no SQS", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_gets_the_document_as_the_message()
    {
        _service.Answers(HttpStatusCode.OK, "<PublishResponse/>");

        await DeliverAsync(Topic, Exhausted);

        Dictionary<string, string> form = FormOf(Assert.Single(_service.Requests).Body);
        Assert.Equal(("Publish", "2010-03-31", Topic.Arn), (form["Action"], form["Version"], form["TopicArn"]));
        Assert.Equal(DocumentOf(Exhausted), form["Message"]);
    }

    [Fact]
    public async Task S_98_a_bucket_gets_an_object_whose_key_names_mapping_shard_and_time_in_UTC()
    {
        _service.Answers(HttpStatusCode.OK, "").Answers(HttpStatusCode.OK, "");

        await DeliverAsync(Bucket, Exhausted);
        await DeliverAsync(Bucket, Exhausted);

        string[] paths = [.. _service.Requests.Select(request => request.Message.RequestUri!.AbsolutePath)];
        Assert.All(paths, path => Assert.StartsWith($"/failed/aws/lambda/{Mapping}/shardId-000000000003/2026/02/01/2026-02-01T01.08.07-", path, StringComparison.Ordinal));
        Assert.All(paths, path => Assert.Matches(KeyOfAws(), path["/failed/".Length..]));
        Assert.Equal(2, paths.Distinct().Count());
        Assert.Equal(HttpMethod.Put, _service.Requests.First().Message.Method);
    }

    [Theory]
    [InlineData(DiscardReason.RetryAttemptsExhausted)]
    [InlineData(DiscardReason.RecordAgeExceeded)]
    public async Task S_98_the_payload_is_a_text_that_parses_to_the_original_event(DiscardReason reason)
    {
        DiscardedBatch batch = Exhausted with { Reason = reason, Response = reason is DiscardReason.RecordAgeExceeded ? null : Exhausted.Response };
        byte[] original = new byte[Events.Measure(batch.Records.AsSpan())];
        Events.Write(batch.Records.AsSpan(), original);
        _service.Answers(HttpStatusCode.OK, "");

        await DeliverAsync(Bucket, batch);

        byte[] body = Assert.Single(_service.Requests).Body;
        JsonElement document = JsonSerializer.Deserialize<JsonElement>(body);
        Assert.StartsWith(DocumentOf(batch)[..^1], Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.String, document.GetProperty("payload").ValueKind);
        Assert.Equal(Encoding.UTF8.GetString(original), document.GetProperty("payload").GetString());
        Assert.Equal(2, JsonSerializer.Deserialize<JsonElement>(document.GetProperty("payload").GetString()!).GetProperty("Records").GetArrayLength());
    }

    [Fact]
    public async Task What_may_help_is_tried_again_and_an_object_keeps_its_key()
    {
        _service.CannotBeReached().Answers(HttpStatusCode.ServiceUnavailable, "<Error><Code>SlowDown</Code></Error>").Answers(HttpStatusCode.OK, "");

        await DeliverAsync(Bucket, Exhausted);

        Assert.Equal(3, _service.Requests.Count);
        Assert.Single(_service.Requests.Select(request => request.Message.RequestUri).Distinct());
    }

    [Fact]
    public async Task Four_tries_are_all()
    {
        for (int tries = 0; tries < 5; tries++)
            _service.Answers(HttpStatusCode.InternalServerError, """{"__type":"InternalFailure","message":"Not today."}""");

        IOException failure = await Assert.ThrowsAsync<IOException>(() => DeliverAsync(Queue, Exhausted));

        Assert.Equal(4, _service.Requests.Count);
        Assert.Equal("InternalFailure: Not today.", failure.Message);
    }

    [Fact]
    public async Task A_refusal_is_final()
    {
        _service.Answers(HttpStatusCode.BadRequest, """{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}""");

        IOException failure = await Assert.ThrowsAsync<IOException>(() => DeliverAsync(Queue, Exhausted));

        Assert.Equal("QueueDoesNotExist: The specified queue does not exist.", failure.Message);
    }

    [Fact]
    public async Task Nobody_waits_longer_than_twenty_seconds_for_an_answer()
    {
        using var silent = new SilentService();
        using var destinations = new OnFailureDestinations("eu-west-1", _time, new BasicAWSCredentials("key", "a secret"), () => silent);
        Task delivery = DestinationOf(destinations, Queue).DeliverAsync(Exhausted, TestContext.Current.CancellationToken);
        await silent.Asked.WaitAsync(TestContext.Current.CancellationToken);

        _time.Advance(RemoteDeliveries.Patience);

        Assert.Contains("has not answered for 20 s", (await Assert.ThrowsAsync<IOException>(() => delivery)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_service_lets_go_of_all_that_wait_for_it_after_twenty_seconds_and_then_at_once()
    {
        using var silent = new SilentService();
        using var destinations = new OnFailureDestinations("eu-west-1", _time, new BasicAWSCredentials("key", "a secret"), () => silent);
        IOnFailureDestination bucket = DestinationOf(destinations, Bucket);
        Task[] deliveries = [.. Enumerable.Range(0, 30).Select(_ => bucket.DeliverAsync(Exhausted, TestContext.Current.CancellationToken))];
        await silent.AskedAsync(8);

        _time.Advance(RemoteDeliveries.Patience);

        foreach (Task delivery in deliveries)
            await Assert.ThrowsAsync<IOException>(() => delivery.WaitAsync(TestContext.Current.CancellationToken));
        IOException atOnce = await Assert.ThrowsAsync<IOException>(() => bucket.DeliverAsync(Exhausted, TestContext.Current.CancellationToken));
        Assert.Contains("was silent 8 times in a row", atOnce.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_eight_silences_one_delivery_in_thirty_seconds_is_let_through_until_there_is_an_answer()
    {
        var breaker = new SilenceBreaker(_time);
        for (int silences = 0; silences < 8; silences++)
        {
            Assert.True(breaker.LetsThrough());
            breaker.WasSilent();
        }
        Assert.False(breaker.LetsThrough());

        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.True(breaker.LetsThrough());
        Assert.False(breaker.LetsThrough());
        breaker.Answered();
        Assert.True(breaker.LetsThrough());
        Assert.True(breaker.LetsThrough());
    }

    [Fact]
    public async Task Who_abandons_a_delivery_is_not_told_that_it_failed()
    {
        using var silent = new SilentService();
        using var destinations = new OnFailureDestinations("eu-west-1", _time, new BasicAWSCredentials("key", "a secret"), () => silent);
        using var abandon = new CancellationTokenSource();
        Task delivery = DestinationOf(destinations, Queue).DeliverAsync(Exhausted, abandon.Token);
        await silent.Asked.WaitAsync(TestContext.Current.CancellationToken);

        await abandon.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivery);
    }

    [Theory]
    [InlineData("arn:aws:sqs:eu-west-1:111122223333:failed.fifo")]
    [InlineData("arn:aws:sns:eu-west-1:111122223333:failed.fifo")]
    public async Task Delivery_to_a_FIFO_destination_fails_without_a_request(string arn)
    {
        OnFailureDestination destination = OnFailureDestination.TryParse(arn, new ServiceEndpoints { Sqs = Local, Sns = Local }, out _)!;

        IOException failure = await Assert.ThrowsAsync<IOException>(() => DeliverAsync(destination, Exhausted));

        Assert.Contains("FIFO", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_service.Requests);
    }

    [Fact]
    public async Task No_secret_is_in_any_request_or_error()
    {
        _service.Answers(HttpStatusCode.Forbidden, """{"__type":"AccessDenied","message":"No."}""");

        IOException failure = await Assert.ThrowsAsync<IOException>(() => DeliverAsync(Queue, Exhausted));

        (HttpRequestMessage message, byte[] body) = Assert.Single(_service.Requests);
        Assert.All([failure.ToString(), message.ToString(), Encoding.UTF8.GetString(body)], text => Assert.DoesNotContain("a secret", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_probe_asks_and_changes_nothing()
    {
        _service.Answers(HttpStatusCode.OK, """{"QueueUrl":"q"}""").Answers(HttpStatusCode.OK, "{}").Answers(HttpStatusCode.OK, "<a/>").Answers(HttpStatusCode.OK, "");

        foreach (OnFailureDestination.Remote destination in (OnFailureDestination.Remote[])[Queue, Topic, Bucket])
            await _destinations.ProbeAsync(destination, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);

        Assert.Equal("AmazonSQS.GetQueueAttributes", Assert.Single(_service.Requests.ElementAt(1).Message.Headers.GetValues("X-Amz-Target")));
        Assert.Equal("GetTopicAttributes", FormOf(_service.Requests.ElementAt(2).Body)["Action"]);
        Assert.Equal((HttpMethod.Head, "/failed"), (_service.Requests.ElementAt(3).Message.Method, _service.Requests.ElementAt(3).Message.RequestUri!.AbsolutePath));
    }

    private Task DeliverAsync(OnFailureDestination destination, DiscardedBatch batch) =>
        DestinationOf(_destinations, destination).DeliverAsync(batch, TestContext.Current.CancellationToken);

    private IOnFailureDestination DestinationOf(OnFailureDestinations destinations, OnFailureDestination destination) =>
        destinations.Of(destination, new DiscardSource(Mapping, "shardId-000000000003"), Documents, Events, _time)!;

    private static string DocumentOf(DiscardedBatch batch)
    {
        var written = new System.Buffers.ArrayBufferWriter<byte>();
        Documents.Write(batch, written);
        return Encoding.UTF8.GetString(written.WrittenSpan);
    }

    private static Dictionary<string, string> FormOf(byte[] body) =>
        Encoding.UTF8.GetString(body).Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));

    private static StreamRecord Record(ulong number, string text) =>
        StreamRecord.Create("key \\ ü", Encoding.UTF8.GetBytes(text), SequenceNumber.Create(0, 3, number, 0), Now.AddSeconds(-1));

    [GeneratedRegex(@"^aws/lambda/[0-9a-f-]{36}/shardId-\d{12}/\d{4}/\d\d/\d\d/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
    private static partial Regex KeyOfAws();

    /// <summary>Never answers.</summary>
    private sealed class SilentService : HttpMessageHandler
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly SemaphoreSlim _requests = new(0);

        public Task Asked => _asked.Task;

        public async Task AskedAsync(int times)
        {
            for (; times > 0; times--)
                await _requests.WaitAsync(TestContext.Current.CancellationToken);
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _asked.TrySetResult();
            _requests.Release();
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            throw new InvalidOperationException();
        }
    }
}
