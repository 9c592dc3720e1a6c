using LambdaStreamRunner.Core.Contracts;

namespace LambdaStreamRunner.Runner.Destinations;

/// <summary>Takes the batches that one shard of a mapping gives up.</summary>
public interface IOnFailureDestination
{
    /// <summary>Delivers one batch; when the task ends well, the batch is safe.</summary>
    /// <exception cref="IOException">The destination cannot take it.</exception>
    Task DeliverAsync(DiscardedBatch batch, CancellationToken abandon);
}
