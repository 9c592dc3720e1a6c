using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Destinations;

/// <summary>A FIFO queue or topic: AWS admits it, and cannot deliver to it.</summary>
internal sealed class FifoDestination(OnFailureDestination.Remote destination) : IOnFailureDestination
{
    /// <inheritdoc/>
    public Task DeliverAsync(DiscardedBatch batch, CancellationToken abandon) =>
        Task.FromException(new IOException($"{destination} is FIFO, and discarded batches have no MessageGroupId. Name a standard one."));
}
