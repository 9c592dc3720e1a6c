using System.Buffers;
using System.Globalization;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Destinations;

/// <summary>Puts AWS's document for each discarded batch into a bucket, as an object of its own that also holds the event.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html"/>.</remarks>
/// <param name="bucket">The bucket.</param>
/// <param name="source">Whose batches: the first part of the key.</param>
/// <param name="documents">Writes documents of the shard.</param>
/// <param name="events">Writes events of the shard.</param>
/// <param name="deliveries">Sends.</param>
/// <param name="clock">The run clock, for the key.</param>
internal sealed class S3Destination(
    OnFailureDestination.Bucket bucket, DiscardSource source, DiscardedBatchWriter documents, KinesisEventWriter events, RemoteDeliveries deliveries, TimeProvider clock)
    : IOnFailureDestination
{
    /// <inheritdoc/>
    public Task DeliverAsync(DiscardedBatch batch, CancellationToken abandon) => deliveries.DeliverAsync(() => PutObject(batch), RemoteDeliveries.Patience, abandon);

    /// <summary>Asks for the bucket, and changes nothing.</summary>
    public static AwsRequest Probe(OnFailureDestination.Bucket bucket) => new("HEAD", $"/{bucket.Name}");

    private AwsRequest PutObject(DiscardedBatch batch)
    {
        byte[] payload = new byte[events.Measure(batch.Records.AsSpan(), batch.Window)];
        events.Write(batch.Records.AsSpan(), payload, batch.Window);
        var document = new ArrayBufferWriter<byte>(payload.Length + (payload.Length / 8) + 1024);
        documents.Write(batch, payload, document);
        return new AwsRequest("PUT", $"/{bucket.Name}/{NewKey()}")
        {
            Headers = [new("Content-Type", "application/json")],
            Body = document.WrittenSpan.ToArray(),
        };
    }

    private string NewKey()
    {
        DateTime now = clock.GetUtcNow().UtcDateTime;
        return string.Create(
            CultureInfo.InvariantCulture, $"aws/lambda/{source.Mapping:D}/{source.ShardId}/{now:yyyy'/'MM'/'dd'/'yyyy'-'MM'-'dd'T'HH'.'mm'.'ss}-{Guid.NewGuid():D}");
    }
}

/// <summary>Whose batches are discarded.</summary>
/// <param name="Mapping">UUID of the mapping.</param>
/// <param name="ShardId">The shard.</param>
internal sealed record DiscardSource(Guid Mapping, string ShardId);
