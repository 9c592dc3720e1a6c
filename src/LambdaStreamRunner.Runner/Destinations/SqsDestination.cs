using System.Buffers;
using System.Text;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Runner.Aws;

namespace LambdaStreamRunner.Runner.Destinations;

/// <summary>Sends AWS's document for each discarded batch to a queue, as the body of a message.</summary>
internal sealed class SqsDestination(QueueAddress address, DiscardedBatchWriter documents, RemoteDeliveries deliveries) : IOnFailureDestination
{
    private static readonly string[] Attributes = ["QueueArn"];

    /// <inheritdoc/>
    public async Task DeliverAsync(DiscardedBatch batch, CancellationToken abandon)
    {
        string url = await address.FindAsync(RemoteDeliveries.Patience, abandon);
        await deliveries.DeliverAsync(() => SendMessage(url, batch), RemoteDeliveries.Patience, abandon);
    }

    /// <summary>Asks for the queue, and changes nothing.</summary>
    public static AwsRequest Probe(string url) => QueueAddress.Call("GetQueueAttributes", new { QueueUrl = url, AttributeNames = Attributes });

    private AwsRequest SendMessage(string url, DiscardedBatch batch)
    {
        var document = new ArrayBufferWriter<byte>(1024);
        documents.Write(batch, document);
        return QueueAddress.Call("SendMessage", new { QueueUrl = url, MessageBody = Encoding.UTF8.GetString(document.WrittenSpan) });
    }
}
