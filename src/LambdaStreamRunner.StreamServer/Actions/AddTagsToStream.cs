using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_AddTagsToStream.html</summary>
internal sealed class AddTagsToStream : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } = [.. Protocol.Members.Stream, Tagging.Tags with { IsRequired = true }];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        string name = KinesisService.NameOf(request);
        ImmutableSortedDictionary<string, string> tags = Tagging.Of(request, name, service);
        EmbeddedStream stream = service.StreamOf(name);
        stream.Change(settings =>
        {
            stream.RefuseUnlessActive();
            return settings with { Tags = Tagging.Add(settings.Tags, tags, name, service) };
        });
    }
}
