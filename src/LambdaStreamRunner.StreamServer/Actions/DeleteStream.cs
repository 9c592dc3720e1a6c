using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeleteStream.html</summary>
internal sealed class DeleteStream : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } =
        [.. Protocol.Members.Stream, new("EnforceConsumerDeletion", MemberType.Boolean)];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        EmbeddedStream stream = service.StreamOf(request);
        if (stream.Settings.Consumers.Length > 0 && !request.Boolean("EnforceConsumerDeletion"))
            throw new KinesisException(
                "ResourceInUseException",
                $"DeleteStream can't delete {stream.Account}:{stream.Name} because there are consumers associated with this data stream. To delete {stream.Name} anyway, "
                + "set the EnforceConsumerDeletion parameter to true to force the deletion of all the consumers that are associated with it.");
        service.Streams.Delete(stream.Name);
    }
}
