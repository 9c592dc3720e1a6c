using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_IncreaseStreamRetentionPeriod.html</summary>
internal sealed class IncreaseStreamRetentionPeriod : KinesisAction
{
    public override ImmutableArray<Member> Members => RetentionPeriod.Members;

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer) =>
        RetentionPeriod.Change(request, service, static (stream, hours) =>
        {
            int existing = stream.Settings.RetentionPeriodHours;
            if (hours < existing)
                throw KinesisException.InvalidArgument(
                    $"Requested retention period ({hours} hours) for stream {stream.Name} can not be shorter than existing retention period ({existing} hours). Use DecreaseRetentionPeriod API.");
        });
}
