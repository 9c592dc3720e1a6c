using System.Buffers;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Destinations;

/// <summary>Sends AWS's document for each discarded batch to a queue, as the body of a message.</summary>
internal sealed class SqsDestination(OnFailureDestination.Queue queue, Uri endpoint, DiscardedBatchWriter documents, RemoteDeliveries deliveries) : IOnFailureDestination
{
    /// <inheritdoc/>
    public Task DeliverAsync(DiscardedBatch batch, CancellationToken abandon) => deliveries.DeliverAsync(() => SendMessage(batch), abandon);

    /// <summary>Asks for the queue, and changes nothing.</summary>
    public static AwsRequest Probe(OnFailureDestination.Queue queue, Uri endpoint) =>
        Call("GetQueueAttributes", new { QueueUrl = UrlOf(queue, endpoint), AttributeNames = new[] { "QueueArn" } });

    private AwsRequest SendMessage(DiscardedBatch batch)
    {
        var document = new ArrayBufferWriter<byte>(1024);
        documents.Write(batch, document);
        return Call("SendMessage", new { QueueUrl = UrlOf(queue, endpoint), MessageBody = Encoding.UTF8.GetString(document.WrittenSpan) });
    }

    private static AwsRequest Call(string action, object body)
    {
        AwsRequest request = AwsRequest.Json($"AmazonSQS.{action}", JsonSerializer.SerializeToUtf8Bytes(body));
        return request with { Headers = request.Headers.SetItem(0, new("Content-Type", "application/x-amz-json-1.0")) };
    }

    private static string UrlOf(OnFailureDestination.Queue queue, Uri endpoint) => $"{endpoint.AbsoluteUri.TrimEnd('/')}/{queue.AccountId}/{queue.Name}";
}
