using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_RemoveTagsFromStream.html</summary>
internal sealed class RemoveTagsFromStream : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } = [.. Protocol.Members.Stream, Tagging.TagKeys];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        ImmutableArray<string> keys = Tagging.KeysOf(request);
        EmbeddedStream stream = service.StreamOf(request);
        stream.Change(settings =>
        {
            stream.RefuseUnlessActive();
            return settings with { Tags = settings.Tags.RemoveRange(keys) };
        });
    }
}
