using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DisableEnhancedMonitoring.html</summary>
internal sealed class DisableEnhancedMonitoring : KinesisAction
{
    public override ImmutableArray<Member> Members => EnhancedMonitoring.Members;

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer) =>
        EnhancedMonitoring.Change(request, service, answer, static (wasOn, isNamed) => wasOn && !isNamed);
}
