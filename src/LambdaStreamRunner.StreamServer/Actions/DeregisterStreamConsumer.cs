using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeregisterStreamConsumer.html</summary>
internal sealed class DeregisterStreamConsumer : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } = Consumers.Alternatives;

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        (EmbeddedStream stream, StreamConsumer consumer) = Consumers.Find(request, service);
        stream.Change(settings => settings with { Consumers = settings.Consumers.RemoveAll(each => each.Name == consumer.Name && each.Created == consumer.Created) });
    }
}
