using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeleteResourcePolicy.html</summary>
internal sealed class DeleteResourcePolicy : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } = [KinesisResource.Arn];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer) =>
        KinesisResource.Of(request, service).ChangePolicy(policy => policy is not null
            ? null
            : throw KinesisException.NotFound($"No resource policy found for resource ARN {request.Text("ResourceARN")}."));
}
