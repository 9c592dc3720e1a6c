using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer;

/// <summary>Consumers with enhanced fan-out, for those who read in this process.</summary>
public static class ConsumerExtensions
{
    /// <summary>True when a consumer of this ARN is registered on the stream, and ACTIVE.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="consumerArn">The consumer's full ARN; the second of its registration is a part of it.</param>
    public static bool HasActiveConsumer(this EmbeddedStream stream, string consumerArn) =>
        Pattern.ConsumerArn.Matches(consumerArn)
        && ConsumerArn.Parse(consumerArn).FindIn(stream.Settings) is { } consumer
        && consumer.ActiveFrom <= stream.Time.GetUtcNow();

    /// <summary>Registers a consumer as of a time, ACTIVE at once, when it is not registered; one of its name that was registered at another time gives way.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">The consumer's name on the stream.</param>
    /// <param name="created">When it shall have been registered.</param>
    public static void EnsureConsumer(this EmbeddedStream stream, string name, DateTimeOffset created) => stream.Change(settings =>
    {
        StreamConsumer? known = settings.Consumers.FirstOrDefault(consumer => consumer.Name == name);
        if (known?.Created.ToUnixTimeSeconds() == created.ToUnixTimeSeconds())
            return settings;
        return settings with { Consumers = settings.Consumers.RemoveAll(consumer => consumer.Name == name).Add(new StreamConsumer(name, created)) };
    });
}
