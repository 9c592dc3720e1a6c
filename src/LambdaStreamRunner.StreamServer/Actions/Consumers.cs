using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>What the actions on consumers with enhanced fan-out do alike (Kinesis reference 2.5).</summary>
internal static class Consumers
{
    /// <summary>Consumers of a stream (AWS: quota).</summary>
    public const int PerStreamMax = 20;

    /// <summary>Consumers of a stream that are CREATING at once.</summary>
    public const int CreatingMax = 5;

    public static Member Name { get; } = Protocol.Members.Name("ConsumerName");

    public static Member Arn { get; } = new("ConsumerARN", MemberType.String) { LengthMin = 1, LengthMax = 2048, Pattern = Pattern.ConsumerArn };

    /// <summary>A consumer is named by its ARN, or by its name and the stream's ARN.</summary>
    public static ImmutableArray<Member> Alternatives { get; } = [Arn, Protocol.Members.StreamArn, Name, Protocol.Members.StreamId];

    /// <summary>The consumer that a request names by one of the alternatives.</summary>
    /// <exception cref="KinesisException">It names none, or there is none.</exception>
    public static (EmbeddedStream Stream, StreamConsumer Consumer) Find(Arguments request, KinesisService service)
    {
        if (request.Text("ConsumerARN") is { } text)
        {
            ConsumerArn arn = ConsumerArn.Parse(text);
            EmbeddedStream owner = service.StreamOf(arn.StreamName);
            return (owner, arn.FindIn(owner.Settings) ?? throw KinesisException.ConsumerNotFound(arn.ConsumerName, owner.Account));
        }
        if (!request.Has("StreamARN") || request.Text("ConsumerName") is not { } name)
            throw KinesisException.InvalidArgument("Must specify either ConsumerARN, or both StreamARN and ConsumerName.");

        EmbeddedStream stream = service.StreamOf(request);
        return (stream, stream.Settings.Consumers.FirstOrDefault(consumer => consumer.Name == name) ?? throw KinesisException.ConsumerNotFound(name, stream.Account));
    }

    /// <exception cref="KinesisException">The name is taken, or there are as many as there may be.</exception>
    public static void CheckRoomFor(StreamConsumer consumer, EmbeddedStream stream, StreamSettings settings)
    {
        if (settings.Consumers.Any(other => other.Name == consumer.Name))
            throw new KinesisException("ResourceInUseException", $"Consumer {consumer.Name} under stream {stream.Arn} already exists.");
        if (settings.Consumers.Length >= PerStreamMax)
            throw KinesisException.LimitExceeded($"Stream {stream.Arn} has {PerStreamMax} consumers, which is the most a stream can have. Deregister one first.");
        if (settings.Consumers.Count(other => other.ActiveFrom > consumer.Created) >= CreatingMax)
            throw KinesisException.LimitExceeded($"Stream {stream.Arn} has {CreatingMax} consumers in state CREATING, which is the most at a time. Wait until one is ACTIVE.");
    }

    /// <summary>What all answers say of a consumer.</summary>
    public static void WriteMembers(Utf8JsonWriter json, StreamConsumer consumer, EmbeddedStream stream, DateTimeOffset now)
    {
        json.WriteString("ConsumerName", consumer.Name);
        json.WriteString("ConsumerARN", consumer.ArnOn(stream));
        json.WriteString("ConsumerStatus", consumer.ActiveFrom > now ? "CREATING" : "ACTIVE");
        json.WriteTimestamp("ConsumerCreationTimestamp", consumer.Created);
    }
}
