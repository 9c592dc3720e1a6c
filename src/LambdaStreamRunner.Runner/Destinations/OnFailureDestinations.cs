using System.Collections.Concurrent;
using System.Diagnostics;
using Amazon.Runtime;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Destinations;

/// <summary>Makes the destinations of shards. Those that use one service at one endpoint share its connections and limits.</summary>
/// <param name="region">Region of buckets, whose ARNs have none.</param>
/// <param name="time">Real time: for time limits and signatures.</param>
/// <param name="credentials">null: the usual ones.</param>
/// <param name="handler">Makes what sends requests; null: the network.</param>
internal sealed class OnFailureDestinations(
    string region, TimeProvider time, AWSCredentials? credentials = null, Func<HttpMessageHandler>? handler = null) : IDisposable
{
    /// <summary>Documents to one endpoint that are under way at once.</summary>
    private const int DocumentsAtOnce = 64;

    /// <summary>Objects to one endpoint that are under way at once: each may have 14 MB.</summary>
    private const int ObjectsAtOnce = 8;

    /// <summary>How often what may help is tried again.</summary>
    /// <value><see cref="RemoteDeliveries.Retries"/> by default.</value>
    public AwsRetryPolicy Retries { get; init; } = RemoteDeliveries.Retries;

    private readonly ConcurrentDictionary<AwsEndpoint, Lazy<RemoteDeliveries>> _deliveries = new();
    private readonly ConcurrentDictionary<OnFailureDestination.Queue, QueueAddress> _addresses = new();

    /// <summary>The destination of a shard's discarded batches.</summary>
    /// <param name="destination">null: none, they are counted and gone.</param>
    /// <param name="source">Whose batches.</param>
    /// <param name="documents">Writes documents of the shard.</param>
    /// <param name="events">Writes events of the shard.</param>
    /// <param name="clock">The run clock.</param>
    public IOnFailureDestination? Of(
        OnFailureDestination? destination, DiscardSource source, DiscardedBatchWriter documents, KinesisEventWriter events, TimeProvider clock) => destination switch
        {
            null => null,
            OnFailureDestination.File file => new FileDestination(file.Path, documents),
            OnFailureDestination.Remote { IsFifo: true } fifo => new FifoDestination(fifo),
            OnFailureDestination.Queue queue => new SqsDestination(AddressOf(queue), documents, DeliveriesTo(queue)),
            OnFailureDestination.Topic topic => new SnsDestination(topic, documents, DeliveriesTo(topic)),
            OnFailureDestination.Bucket bucket => new S3Destination(bucket, source, documents, events, DeliveriesTo(bucket), clock),
            _ => throw new UnreachableException(),
        };

    /// <summary>Asks whether a destination is there, and changes nothing.</summary>
    /// <exception cref="IOException">It is not, or does not let us in, or does not answer in time.</exception>
    public async Task ProbeAsync(OnFailureDestination.Remote destination, TimeSpan patience, CancellationToken cancellation)
    {
        AwsRequest probe = destination switch
        {
            OnFailureDestination.Queue queue => SqsDestination.Probe(await AddressOf(queue).FindAsync(patience, cancellation)),
            OnFailureDestination.Topic topic => SnsDestination.Probe(topic),
            OnFailureDestination.Bucket bucket => S3Destination.Probe(bucket),
            _ => throw new UnreachableException(),
        };
        await DeliveriesTo(destination).SendAsync(probe, patience, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Lazy<RemoteDeliveries> deliveries in _deliveries.Values.Where(made => made.IsValueCreated))
            deliveries.Value.Dispose();
    }

    private QueueAddress AddressOf(OnFailureDestination.Queue queue) =>
        _addresses.GetOrAdd(queue, _ => new QueueAddress(queue, EndpointOf(queue), DeliveriesTo(queue)));

    private RemoteDeliveries DeliveriesTo(OnFailureDestination.Remote destination)
    {
        int atOnce = destination is OnFailureDestination.Bucket ? ObjectsAtOnce : DocumentsAtOnce;
        return _deliveries.GetOrAdd(EndpointOf(destination), endpoint => new(() => new RemoteDeliveries(ClientOf(endpoint), atOnce, time))).Value;
    }

    private AwsClient ClientOf(AwsEndpoint endpoint) => new(endpoint, time, credentials, handler?.Invoke()) { Retries = Retries };

    private AwsEndpoint EndpointOf(OnFailureDestination.Remote destination)
    {
        string written = destination.Endpoint.Url?.AbsoluteUri ?? AwsEndpoint.AwsWord;
        return destination switch
        {
            OnFailureDestination.Queue => AwsEndpoint.Of("sqs", destination.Region, written),
            OnFailureDestination.Topic => AwsEndpoint.Of("sns", destination.Region, written),
            OnFailureDestination.Bucket => AwsEndpoint.Of("s3", region, written),
            _ => throw new UnreachableException(),
        };
    }
}
