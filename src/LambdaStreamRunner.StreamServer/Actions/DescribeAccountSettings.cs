using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeAccountSettings.html</summary>
internal sealed class DescribeAccountSettings : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } = [];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer) =>
        service.Streams.Account.Write(answer, service.Streams.Time.GetUtcNow());
}
