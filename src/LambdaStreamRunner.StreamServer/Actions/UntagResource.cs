using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UntagResource.html</summary>
internal sealed class UntagResource : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } = [KinesisResource.Arn, Tagging.TagKeys];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        ImmutableArray<string> keys = Tagging.KeysOf(request);
        KinesisResource.Of(request, service).ChangeTags(tags => tags.RemoveRange(keys));
    }
}
