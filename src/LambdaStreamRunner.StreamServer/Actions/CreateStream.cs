using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html</summary>
internal sealed class CreateStream : KinesisAction
{
    /// <summary>What AWS makes when neither a count nor a mode is given.</summary>
    public const int DefaultShardCount = 4;

    /// <summary>Shards of all streams together (AWS: quota of us-east-1).</summary>
    public const int ShardQuota = 20_000;

    public override ImmutableArray<Member> Members { get; } =
    [
        Protocol.Members.StreamName with { IsRequired = true },
        new("ShardCount", MemberType.Integer) { ValueMin = 1 },
        Protocol.Members.StreamModeDetails,
        new("Tags", MemberType.Map) { Refusal = "create the stream without tags" },
        Protocol.Members.WarmThroughput,
        Protocol.Members.MaxRecordSize,
    ];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        StreamMode? mode = request.Structure("StreamModeDetails") is { } details ? Protocol.Members.ModeOf(details) : null;
        if (request.Has("WarmThroughputMiBps") && mode is not StreamMode.OnDemand)
            throw KinesisException.InvalidArgument("WarmThroughputMiBps belongs to streams in ON_DEMAND mode.");
        if (mode is StreamMode.Provisioned && !request.Has("ShardCount"))
            throw KinesisException.InvalidArgument("ShardCount is required for a stream in PROVISIONED mode.");
        int shardCount = request.Integer("ShardCount") ?? DefaultShardCount;
        string name = request.Text("StreamName")!;
        if (service.Streams.TryGet(name, out _))
            throw KinesisException.StreamExists(name, service.Account);

        Resharding.CheckQuota(service, shardCount);
        service.Streams.Create(name, shardCount, new StreamSettings
        {
            RetentionPeriodHours = (int)service.Streams.Options.Retention.TotalHours,
            Mode = mode ?? StreamMode.Provisioned,
            MaxRecordSizeInKiB = request.Integer("MaxRecordSizeInKiB") ?? 1024,
            WarmThroughputMiBps = request.Integer("WarmThroughputMiBps"),
        }, service.Caller.ArnOf(name));
    }
}
