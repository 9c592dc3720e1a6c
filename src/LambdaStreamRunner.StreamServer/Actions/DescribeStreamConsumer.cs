using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamConsumer.html</summary>
internal sealed class DescribeStreamConsumer : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } = Consumers.Alternatives;

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        (EmbeddedStream stream, StreamConsumer consumer) = Consumers.Find(request, service);
        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteStartObject("ConsumerDescription");
        Consumers.WriteMembers(json, consumer, stream, service.Streams.Time.GetUtcNow());
        json.WriteString("StreamARN", stream.Arn);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
