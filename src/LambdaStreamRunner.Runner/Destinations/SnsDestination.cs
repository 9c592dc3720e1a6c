using System.Buffers;
using System.Text;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Destinations;

/// <summary>Publishes AWS's document for each discarded batch to a topic, as the message.</summary>
/// <remarks>A message may have 256 KB; a document has about one.</remarks>
internal sealed class SnsDestination(OnFailureDestination.Topic topic, DiscardedBatchWriter documents, RemoteDeliveries deliveries) : IOnFailureDestination
{
    private const string Version = "2010-03-31";

    /// <inheritdoc/>
    public Task DeliverAsync(DiscardedBatch batch, CancellationToken abandon) => deliveries.DeliverAsync(() => Publish(batch), RemoteDeliveries.Patience, abandon);

    /// <summary>Asks for the topic, and changes nothing.</summary>
    public static AwsRequest Probe(OnFailureDestination.Topic topic) => Call("GetTopicAttributes", topic);

    private AwsRequest Publish(DiscardedBatch batch)
    {
        var document = new ArrayBufferWriter<byte>(1024);
        documents.Write(batch, document);
        return Call("Publish", topic, KeyValuePair.Create("Message", Encoding.UTF8.GetString(document.WrittenSpan)));
    }

    private static AwsRequest Call(string action, OnFailureDestination.Topic topic, params KeyValuePair<string, string>[] more) =>
        AwsRequest.Form([new("Action", action), new("Version", Version), new("TopicArn", topic.Arn), .. more]);
}
