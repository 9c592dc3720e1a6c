using System.Buffers.Binary;
using Amazon.Runtime.EventStreams;

namespace LambdaStreamRunner.Runner.Aws.Kinesis;

/// <summary>Cuts a body of <c>application/vnd.amazon.eventstream</c> into its messages; AWSSDK.Core reads them and checks their sums.</summary>
internal sealed class EventFrames(Stream body)
{
    // Lengths, their sum, and the sum of all.
    private const int BytesMin = 16;

    // 128 KiB of headers and 24 MiB of payload, as every SDK takes at most.
    private const int BytesMax = (128 * 1024) + (24 * 1024 * 1024) + BytesMin;

    private readonly byte[] _length = new byte[sizeof(int)];

    /// <summary>The next message; null at the end of the body.</summary>
    /// <exception cref="AwsException">It is damaged.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<IEventStreamMessage?> NextAsync(CancellationToken cancellation)
    {
        int read = await body.ReadAtLeastAsync(_length, _length.Length, throwOnEndOfStream: false, cancellation);
        if (read == 0)
            return null;
        if (read < _length.Length)
            throw Damaged("it ends within a message");
        int length = BinaryPrimitives.ReadInt32BigEndian(_length);
        if (length is < BytesMin or > BytesMax)
            throw Damaged($"a message says that it has {length} bytes");

        byte[] message = new byte[length];
        _length.CopyTo(message, 0);
        try
        {
            await body.ReadExactlyAsync(message.AsMemory(_length.Length), cancellation);
            return EventStreamMessage.FromBuffer(message, 0, length);
        }
        catch (EndOfStreamException)
        {
            throw Damaged("it ends within a message");
        }
        catch (Exception wrong) when (wrong is EventStreamParseException or EventStreamChecksumFailureException or ArgumentException or IndexOutOfRangeException)
        {
            throw Damaged(wrong.Message);
        }
    }

    private static AwsException Damaged(string how) => new("DamagedEventStream", $"the stream of events is damaged: {how}", 500);
}
