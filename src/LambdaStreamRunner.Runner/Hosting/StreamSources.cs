using System.Collections.Concurrent;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Aws.Kinesis;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Polling;
using LambdaStreamRunner.StreamServer;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>Finds the stream that a mapping reads: in this process, or where its configuration says.</summary>
/// <param name="embedded">The streams of this process.</param>
/// <param name="time">Real time.</param>
internal sealed class StreamSources(EmbeddedStreams embedded, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<AwsEndpoint, AwsClient> _clients = new();

    /// <summary>The stream as it is now; null when there is none, or it is on its way in or out.</summary>
    /// <exception cref="ReadRefusedException">It is remote, and its endpoint does not answer, or not well.</exception>
    public async ValueTask<IStreamSource?> FindAsync(MappingConfiguration mapping, CancellationToken cancellation)
    {
        string? consumer = mapping.HasConsumer ? mapping.SourceArn : null;
        if (mapping.Stream.Endpoint is { } endpoint)
            return await RemoteStreamSource.FindAsync(Remote(mapping.Stream, endpoint), consumer, time, cancellation);
        bool isThere = embedded.TryGet(mapping.Stream.Name, out EmbeddedStream? stream) && stream.Status is not StreamStatus.Deleting;
        return isThere ? new EmbeddedStreamSource(stream!, consumer) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AwsClient client in _clients.Values)
            client.Dispose();
    }

    // All streams of an endpoint share its connections.
    private KinesisStream Remote(StreamConfiguration stream, string endpoint)
    {
        var address = AwsEndpoint.Of("kinesis", stream.Arn.Split(':')[3], endpoint);
        return new KinesisStream(_clients.GetOrAdd(address, there => new AwsClient(there, time)), stream.Name, stream.Arn);
    }
}
