using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_StopStreamEncryption.html</summary>
internal sealed class StopStreamEncryption : KinesisAction
{
    public override ImmutableArray<Member> Members => StreamEncryption.Members;

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer) =>
        StreamEncryption.Change(request, service, keyId: null);
}
