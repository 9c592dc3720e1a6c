using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;
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
        Tagging.Tags,
        Protocol.Members.WarmThroughput,
        Protocol.Members.MaxRecordSize,
    ];

    /// <summary>Streams that are CREATING at once.</summary>
    public const int CreatingMax = 5;

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        StreamMode? mode = request.Structure("StreamModeDetails") is { } details ? Protocol.Members.ModeOf(details) : null;
        if (request.Has("WarmThroughputMiBps") && mode is not StreamMode.OnDemand)
            throw KinesisException.InvalidArgument("WarmThroughputMiBps belongs to streams in ON_DEMAND mode.");
        if (mode is StreamMode.Provisioned && !request.Has("ShardCount"))
            throw KinesisException.InvalidArgument("ShardCount is required for a stream in PROVISIONED mode.");
        int? warm = WarmThroughput.Of(request);
        int shardCount = mode is StreamMode.OnDemand ? OnDemandScaling.ShardsFor(warm) : request.Integer("ShardCount") ?? DefaultShardCount;
        string name = request.Text("StreamName")!;
        if (service.Streams.TryGet(name, out _))
            throw KinesisException.StreamExists(name, service.Account);

        ImmutableSortedDictionary<string, string> tags = Tagging.Of(request, name, service);
        Resharding.CheckQuota(service, shardCount);
        CheckQuotas(service, mode);
        service.Streams.Create(name, shardCount, new StreamSettings
        {
            RetentionPeriodHours = (int)service.Streams.Options.Retention.TotalHours,
            Limits = service.Streams.Options.Limits,
            Mode = mode ?? StreamMode.Provisioned,
            Tags = Tagging.Add(StreamSettings.NoTags, tags, name, service),
            MaxRecordSizeInKiB = request.Integer("MaxRecordSizeInKiB") ?? StreamSettings.MaxRecordSizeInKiBMin,
            WarmThroughputMiBps = warm,
        }, service.Caller.ArnOf(name));
    }

    private static void CheckQuotas(KinesisService service, StreamMode? mode)
    {
        if (service.Streams.All.Count(stream => stream.Status is StreamStatus.Creating) >= CreatingMax)
            throw KinesisException.LimitExceeded($"{CreatingMax} streams are in state CREATING, which is the most at a time. Wait until one is ACTIVE.");
        if (mode is StreamMode.OnDemand)
            Resharding.CheckOnDemandQuota(service);
    }
}
