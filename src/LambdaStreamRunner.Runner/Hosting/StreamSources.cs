using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Polling;
using LambdaStreamRunner.StreamServer;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>Finds the stream that a mapping reads: in this process, or where its configuration says.</summary>
internal sealed class StreamSources(EmbeddedStreams embedded)
{
    /// <summary>The stream as it is now; null when there is none, or it is on its way in or out.</summary>
    public ValueTask<IStreamSource?> FindAsync(MappingConfiguration mapping, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        bool isThere = embedded.TryGet(mapping.Stream.Name, out EmbeddedStream? stream) && stream.Status is not StreamStatus.Deleting;
        return ValueTask.FromResult<IStreamSource?>(isThere ? new EmbeddedStreamSource(stream!, mapping.HasConsumer ? mapping.SourceArn : null) : null);
    }
}
