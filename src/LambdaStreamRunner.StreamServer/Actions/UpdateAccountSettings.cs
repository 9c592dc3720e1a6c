using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateAccountSettings.html</summary>
internal sealed class UpdateAccountSettings : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } =
    [
        new("MinimumThroughputBillingCommitment", MemberType.Structure)
        {
            IsRequired = true,
            Members = [new("Status", MemberType.String) { IsRequired = true, Values = ["ENABLED", "DISABLED"] }],
        },
    ];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        DateTimeOffset now = service.Streams.Time.GetUtcNow();
        bool enabled = request.Structure("MinimumThroughputBillingCommitment")!.Value.Text("Status") == "ENABLED";
        service.Streams.Account.Change(enabled, now);
        service.Streams.Account.Write(answer, now);
    }
}
