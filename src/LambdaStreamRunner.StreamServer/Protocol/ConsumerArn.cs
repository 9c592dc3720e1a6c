using System.Globalization;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>What a ConsumerARN says: <c>STREAM_ARN/consumer/NAME:CREATED</c>.</summary>
/// <param name="StreamName">Short name.</param>
/// <param name="ConsumerName">Its name on the stream.</param>
/// <param name="CreatedSeconds">Epoch second of the registration: registered again, a consumer is another one.</param>
internal readonly record struct ConsumerArn(string StreamName, string ConsumerName, long CreatedSeconds)
{
    private const string Separator = "/consumer/";

    /// <param name="arn">Matches <see cref="Pattern.ConsumerArn"/>.</param>
    public static ConsumerArn Parse(string arn)
    {
        int end = arn.LastIndexOf(Separator, StringComparison.Ordinal);
        int colon = arn.LastIndexOf(':');
        string consumer = arn[(end + Separator.Length)..colon];
        return long.TryParse(arn.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long created)
            ? new ConsumerArn(EmbeddedStreams.NameOf(arn[..end]), consumer, created)
            : new ConsumerArn(EmbeddedStreams.NameOf(arn[..end]), consumer, -1);
    }

    /// <summary>The consumer, if it is registered.</summary>
    public StreamConsumer? FindIn(StreamSettings settings)
    {
        foreach (StreamConsumer consumer in settings.Consumers)
        {
            if (consumer.Name == ConsumerName && consumer.Created.ToUnixTimeSeconds() == CreatedSeconds)
                return consumer;
        }
        return null;
    }
}
