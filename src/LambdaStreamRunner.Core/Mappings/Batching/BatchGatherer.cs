using LambdaStreamRunner.Core.Contracts;

namespace LambdaStreamRunner.Core.Mappings.Batching;

/// <summary>Decides when waiting records become a batch.</summary>
/// <remarks>
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html"/>. The window runs from the
/// end of the lane's previous invocation, so an idle mapping delivers a fresh record at once.
/// </remarks>
internal readonly struct BatchGatherer(EventSourceMapping mapping)
{
    private readonly int _batchSize = mapping.BatchSize;

    /// <summary>Why the batch is closed now, or null while gathering goes on.</summary>
    /// <param name="waiting">What the lane could take.</param>
    /// <param name="now">The time.</param>
    /// <param name="windowEnd">End of the lane's window.</param>
    /// <param name="noMoreToCome">Set when nothing can join any more: why.</param>
    /// <param name="envelopeLength">Bytes of the event without records.</param>
    public FlushReason? WhyClose(
        Waiting waiting, DateTimeOffset now, DateTimeOffset windowEnd, FlushReason? noMoreToCome, int envelopeLength = KinesisEventFormat.EnvelopeLength)
    {
        if (waiting.Records == 0)
            return null;
        if (waiting.Records >= _batchSize)
            return FlushReason.Size;
        if (waiting.WholeEventLength(envelopeLength) >= KinesisEventFormat.EventLengthMax)
            return FlushReason.Payload;
        if (now >= windowEnd)
            return FlushReason.Window;

        return noMoreToCome;
    }
}

/// <summary>Records that wait for a batch.</summary>
/// <param name="Records">How many.</param>
/// <param name="EventLength">Their bytes in an event, without envelope and commas.</param>
internal readonly record struct Waiting(int Records, long EventLength)
{
    /// <summary>Bytes of one event with all of them.</summary>
    /// <param name="envelopeLength">Bytes of the event without records.</param>
    public long WholeEventLength(int envelopeLength) => envelopeLength + EventLength + Math.Max(0, Records - 1);
}
