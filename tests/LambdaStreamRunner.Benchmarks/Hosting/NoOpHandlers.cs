using Amazon.Lambda.KinesisEvents;

namespace LambdaStreamRunner.Benchmarks.Hosting;

/// <summary>Handlers that do nothing with what they are given.</summary>
public sealed class NoOpHandlers
{
    /// <summary>Leaves the event unread.</summary>
    public void TakeStream(Stream _)
    {
    }

    /// <summary>Has the event parsed by Amazon's serializer.</summary>
    public void TakeRecords(KinesisEvent kinesisEvent) => ArgumentNullException.ThrowIfNull(kinesisEvent);
}
