using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_TagResource.html</summary>
internal sealed class TagResource : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } = [KinesisResource.Arn, Tagging.Tags with { IsRequired = true }];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        KinesisResource resource = KinesisResource.Of(request, service);
        ImmutableSortedDictionary<string, string> more = Tagging.Of(request, resource.StreamName, service);
        resource.ChangeTags(tags => Tagging.Add(tags, more, resource.StreamName, service));
    }
}
