using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateMaxRecordSize.html</summary>
internal sealed class UpdateMaxRecordSize : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } =
        [Protocol.Members.StreamArn with { IsRequired = true }, Protocol.Members.StreamId, Protocol.Members.MaxRecordSize with { IsRequired = true }];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        EmbeddedStream stream = service.StreamOf(request);
        stream.BeginUpdate(() => null);
        stream.Change(settings => settings with { MaxRecordSizeInKiB = request.Integer("MaxRecordSizeInKiB")!.Value });
    }
}
