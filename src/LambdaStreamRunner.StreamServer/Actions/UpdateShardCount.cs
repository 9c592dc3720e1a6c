using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html</summary>
internal sealed class UpdateShardCount : KinesisAction
{
    /// <summary>Most shards that this action makes of a stream.</summary>
    public const int ShardsMax = 10_000;

    public override ImmutableArray<Member> Members { get; } =
    [
        .. Protocol.Members.Stream,
        new("TargetShardCount", MemberType.Integer) { IsRequired = true, ValueMin = 1 },
        new("ScalingType", MemberType.String) { IsRequired = true, Values = ["UNIFORM_SCALING"] },
    ];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        EmbeddedStream stream = service.StreamOf(request);
        int target = request.Integer("TargetShardCount")!.Value;
        int current = 0;
        stream.BeginUpdate(() =>
        {
            Resharding.RefuseOnDemand(stream);
            current = stream.Records.OpenShardCount;
            Check(current, target);
            Resharding.CheckQuota(service, target - current);
            stream.ClientLimits.CountDaily(quotas => quotas.ShardCount);
            return new Reshard.Update(target);
        });

        using var json = new Utf8JsonWriter(answer, KinesisJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("StreamName", stream.Name);
        json.WriteNumber("CurrentShardCount", current);
        json.WriteNumber("TargetShardCount", target);
        json.WriteString("StreamARN", stream.Arn);
        json.WriteEndObject();
    }

    private static void Check(int current, int target)
    {
        if (target > ShardsMax)
            throw KinesisException.LimitExceeded(
                $"Target shard count or number of open shards cannot be greater than {ShardsMax}. Current open shard count: {current}, Target shard count: {target}");
        if (target > current * 2L)
            throw KinesisException.LimitExceeded(
                $"UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: {current} Target shard count: {target}");
        if (target * 2L < current)
            throw KinesisException.LimitExceeded(
                $"UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: {current}, Target shard count: {target}");
    }
}
