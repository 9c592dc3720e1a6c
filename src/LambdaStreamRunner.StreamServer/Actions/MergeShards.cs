using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_MergeShards.html</summary>
internal sealed class MergeShards : KinesisAction
{
    public override ImmutableArray<Member> Members { get; } =
    [
        .. Protocol.Members.Stream,
        Protocol.Members.Name("ShardToMerge") with { IsRequired = true },
        Protocol.Members.Name("AdjacentShardToMerge") with { IsRequired = true },
    ];

    public override void Execute(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        int first = Resharding.IndexOf(request.Text("ShardToMerge")!, request, service);
        int second = Resharding.IndexOf(request.Text("AdjacentShardToMerge")!, request, service);
        EmbeddedStream stream = service.StreamOf(request);

        stream.BeginUpdate(() =>
        {
            Resharding.RefuseOnDemand(stream);
            Shard lower = Resharding.Find(stream, first, service);
            Shard upper = Resharding.Find(stream, second, service);
            Resharding.RefuseClosed(lower, stream);
            Resharding.RefuseClosed(upper, stream);
            if (lower.HashKeyRange.EndingHashKey == UInt128.MaxValue || lower.HashKeyRange.EndingHashKey + 1 != upper.HashKeyRange.StartingHashKey)
                throw KinesisException.InvalidArgument(
                    $"Shards {lower.Id} and {upper.Id} in stream {stream.Name} under account {stream.Account} are not an adjacent pair of shards eligible for merging");
            return new Reshard.Merge(first, second);
        });
    }
}
