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

    private static readonly Member StreamMode = new("StreamMode", MemberType.String) { IsRequired = true, Values = ["PROVISIONED", "ON_DEMAND"] };

    public override ImmutableArray<Member> Members { get; } =
    [
        Protocol.Members.StreamName with { IsRequired = true },
        new("ShardCount", MemberType.Integer) { ValueMin = 1 },
        new("StreamModeDetails", MemberType.Structure) { Members = [StreamMode] },
        new("Tags", MemberType.Map) { Refusal = "create the stream without tags" },
        new("WarmThroughputMiBps", MemberType.Integer) { Refusal = "it belongs to ON_DEMAND streams" },
        new("MaxRecordSizeInKiB", MemberType.Integer) { ValueMin = 1024, ValueMax = 10_240 },
    ];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        string? mode = request.Structure("StreamModeDetails")?.Text("StreamMode");
        if (mode == "ON_DEMAND")
            throw KinesisException.InvalidArgument("StreamMode ON_DEMAND is not supported by this server: give a ShardCount instead.");
        if (request.Integer("MaxRecordSizeInKiB") is > 1024)
            throw KinesisException.InvalidArgument("MaxRecordSizeInKiB above 1024 is not supported by this server.");

        int shardCount = request.Integer("ShardCount")
            ?? (mode is null ? DefaultShardCount : throw KinesisException.InvalidArgument("ShardCount is required for a stream in PROVISIONED mode."));
        string name = request.Text("StreamName")!;
        if (service.Streams.TryGet(name, out _))
            throw KinesisException.StreamExists(name, service.Account);

        Resharding.CheckQuota(service, shardCount);
        service.Streams.Create(name, shardCount);
    }
}
