using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Destinations;

namespace LambdaStreamRunner.Runner.Tests.Destinations;

/// <summary>Delivery to queues, topics and buckets that others have written. In real time: they are a process of their own. No two tests look at the same queue or bucket.</summary>
public sealed class RealServicesTests(ServiceFakes.Shared services) : IClassFixture<ServiceFakes.Shared>
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 9, 8, 7, 123, TimeSpan.Zero);
    private static readonly BasicAWSCredentials Known = new(ServiceFakes.BucketCredentials, ServiceFakes.BucketCredentials);
    private static readonly DiscardedBatchWriter Documents = new("arn:aws:lambda:us-east-1:000000000000:function:orders", "arn:stream", "shardId-000000000000");
    private static readonly KinesisEventWriter Events = new("arn:stream", "us-east-1", "arn:role", "shardId-000000000000");

    private static readonly DiscardedBatch Exhausted = new(
        [StreamRecord.Create("a", "é"u8, SequenceNumber.Create(0, 0, 1, 0), Now)],
        DiscardReason.RetryAttemptsExhausted, Guid.NewGuid(), 3, new DiscardedResponse("Unhandled", "boom"), Now);

    [Fact]
    public async Task A_queue_has_the_document()
    {
        ServiceFakes fakes = await services.StartedAsync();

        await DeliverAsync(new OnFailureDestination.Queue(ServiceFakes.QueueArn, new ServiceEndpoint(fakes.Messages)));

        Assert.Equal([DocumentOf(Exhausted)], await fakes.ReceiveAsync("failed", 1));
    }

    [Fact]
    public async Task Who_subscribes_to_a_topic_has_the_document_as_the_Message()
    {
        ServiceFakes fakes = await services.StartedAsync();

        await DeliverAsync(new OnFailureDestination.Topic(ServiceFakes.TopicArn, new ServiceEndpoint(fakes.Messages)));

        string notification = Assert.Single(await fakes.ReceiveAsync("heard", 1));
        Assert.Equal(DocumentOf(Exhausted), JsonSerializer.Deserialize<JsonElement>(notification).GetProperty("Message").GetString());
    }

    [Fact]
    public async Task A_bucket_takes_the_signed_object()
    {
        ServiceFakes fakes = await services.StartedAsync();

        await DeliverAsync(new OnFailureDestination.Bucket(ServiceFakes.BucketArn, new ServiceEndpoint(fakes.Buckets)));

        using var client = new AwsClient(AwsEndpoint.Of("s3", "us-east-1", fakes.Buckets.ToString()), TimeProvider.System, Known);
        AwsAnswer listed = await client.SendAsync(new AwsRequest("GET", "/failed"), TestContext.Current.CancellationToken);
        string key = Encoding.UTF8.GetString(listed.Body).Split("<Key>")[1].Split("</Key>")[0];
        AwsAnswer found = await client.SendAsync(new AwsRequest("GET", $"/failed/{key}"), TestContext.Current.CancellationToken);
        Assert.StartsWith(DocumentOf(Exhausted)[..^1], Encoding.UTF8.GetString(found.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_knows_other_credentials_refuses()
    {
        ServiceFakes fakes = await services.StartedAsync();

        IOException refusal = await Assert.ThrowsAsync<IOException>(() => DeliverAsync(
            new OnFailureDestination.Bucket(ServiceFakes.BucketArn, new ServiceEndpoint(fakes.Buckets)), new BasicAWSCredentials("other", "other")));

        Assert.Equal((int)HttpStatusCode.Forbidden, Assert.IsType<AwsException>(refusal.InnerException).Status);
    }

    [Fact]
    public async Task A_probe_tells_what_is_there_from_what_is_not()
    {
        ServiceFakes fakes = await services.StartedAsync();
        (ServiceEndpoint messages, ServiceEndpoint buckets) = (new(fakes.Messages), new(fakes.Buckets));
        using var destinations = new OnFailureDestinations("us-east-1", TimeProvider.System, Known);

        foreach (OnFailureDestination.Remote there in (OnFailureDestination.Remote[])
            [new OnFailureDestination.Queue(ServiceFakes.QueueArn, messages), new OnFailureDestination.Topic(ServiceFakes.TopicArn, messages), new OnFailureDestination.Bucket(ServiceFakes.BucketArn, buckets)])
            await destinations.ProbeAsync(there, DestinationCheck.Patience, TestContext.Current.CancellationToken);
        foreach (OnFailureDestination.Remote absent in (OnFailureDestination.Remote[])
            [new OnFailureDestination.Queue(ServiceFakes.QueueArn + "2", messages), new OnFailureDestination.Topic(ServiceFakes.TopicArn + "2", messages), new OnFailureDestination.Bucket(ServiceFakes.BucketArn + "2", buckets)])
            await Assert.ThrowsAsync<IOException>(() => destinations.ProbeAsync(absent, DestinationCheck.Patience, TestContext.Current.CancellationToken));
    }

    private static async Task DeliverAsync(OnFailureDestination destination, AWSCredentials? credentials = null)
    {
        using var destinations = new OnFailureDestinations("us-east-1", TimeProvider.System, credentials ?? Known);
        await destinations.Of(destination, new DiscardSource(Guid.NewGuid(), "shardId-000000000000"), Documents, Events, TimeProvider.System)!
            .DeliverAsync(Exhausted, TestContext.Current.CancellationToken);
    }

    private static string DocumentOf(DiscardedBatch batch)
    {
        var written = new System.Buffers.ArrayBufferWriter<byte>();
        Documents.Write(batch, written);
        return Encoding.UTF8.GetString(written.WrittenSpan);
    }
}
