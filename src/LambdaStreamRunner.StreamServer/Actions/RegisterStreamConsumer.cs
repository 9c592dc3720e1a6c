using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_RegisterStreamConsumer.html</summary>
internal sealed class RegisterStreamConsumer : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } =
        [Protocol.Members.StreamArn with { IsRequired = true }, Consumers.Name with { IsRequired = true }, Protocol.Members.StreamId, Tagging.Tags];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        EmbeddedStream stream = service.StreamOf(request);
        DateTimeOffset now = service.Streams.Time.GetUtcNow();
        var consumer = new StreamConsumer(request.Text("ConsumerName")!, now)
        {
            ActiveFrom = now + service.Streams.Options.ConsumerDelay,
            Tags = Tagging.Add(StreamSettings.NoTags, Tagging.Of(request, stream.Name, service), stream.Name, service),
        };
        stream.Change(settings =>
        {
            stream.RefuseUnlessActive();
            Consumers.CheckRoomFor(consumer, stream, settings);
            return settings with { Consumers = settings.Consumers.Add(consumer) };
        });

        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteStartObject("Consumer");
        Consumers.WriteMembers(json, consumer, stream, now);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
