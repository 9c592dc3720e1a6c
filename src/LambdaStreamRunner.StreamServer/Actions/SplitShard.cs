using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SplitShard.html</summary>
internal sealed class SplitShard : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } =
    [
        .. Protocol.Members.Stream,
        Protocol.Members.Name("ShardToSplit") with { IsRequired = true },
        new("NewStartingHashKey", MemberType.String) { IsRequired = true, Pattern = Pattern.HashKey },
    ];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        int index = Resharding.IndexOf(request.Text("ShardToSplit")!, request, service);
        EmbeddedStream stream = service.StreamOf(request);
        string written = request.Text("NewStartingHashKey")!;
        bool fits = UInt128.TryParse(written, out UInt128 newStart);

        stream.BeginUpdate(() =>
        {
            Resharding.RefuseOnDemand(stream);
            Shard shard = Resharding.Find(stream, index, service);
            Resharding.CheckQuota(service, more: 1);
            HashKeyRange range = shard.HashKeyRange;
            if (!fits || range.EndingHashKey - range.StartingHashKey < 3 || newStart <= range.StartingHashKey + 1 || newStart >= range.EndingHashKey)
                throw KinesisException.InvalidArgument(
                    $"NewStartingHashKey {written} used in SplitShard() on shard {shard.Id} in stream {stream.Name} under account {stream.Account} "
                    + $"is not both greater than one plus the shard's StartingHashKey {range.StartingHashKey} "
                    + $"and less than the shard's EndingHashKey {range.EndingHashKey}.");
            Resharding.RefuseClosed(shard, stream);
            return new Reshard.Split(index, newStart);
        });
    }
}
