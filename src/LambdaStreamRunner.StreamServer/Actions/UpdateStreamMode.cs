using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamMode.html</summary>
internal sealed class UpdateStreamMode : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } =
    [
        Protocol.Members.StreamArn with { IsRequired = true },
        Protocol.Members.StreamId,
        Protocol.Members.StreamModeDetails with { IsRequired = true },
        Protocol.Members.WarmThroughput,
    ];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        EmbeddedStream stream = service.StreamOf(request);
        StreamMode mode = Protocol.Members.ModeOf(request.Structure("StreamModeDetails")!.Value);
        if (request.Has("WarmThroughputMiBps") && mode is not StreamMode.OnDemand)
            throw KinesisException.InvalidArgument("WarmThroughputMiBps belongs to streams in ON_DEMAND mode.");
        if (mode == stream.Settings.Mode)
            return;                                           // asked for again by tools that only refresh
        int? warm = WarmThroughput.Of(request);
        stream.BeginUpdate(() =>
        {
            Reshard? reshard = warm is null ? null : WarmThroughput.Plan(stream, warm.Value, service);
            stream.ClientLimits.CountDaily(quotas => quotas.Mode);
            return reshard;
        });
        stream.Change(settings => settings with { Mode = mode, WarmThroughputMiBps = warm });
    }
}
