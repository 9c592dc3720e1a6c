using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeleteStream.html</summary>
/// <remarks>EnforceConsumerDeletion has nothing to enforce: there are no consumers.</remarks>
internal sealed class DeleteStream : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } =
        [.. Protocol.Members.Stream, new("EnforceConsumerDeletion", MemberType.Boolean)];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer) =>
        service.Streams.Delete(service.StreamOf(request).Name);
}
