using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>What SplitShard, MergeShards and UpdateShardCount check alike (Kinesis reference 6).</summary>
internal static class Resharding
{
    /// <summary>The index in a shard's id, which AWS looks at before it looks for the stream.</summary>
    public static int IndexOf(string shardId, Arguments request, KinesisService service) =>
        ShardId.TryParse(shardId, out int index) ? index : throw ShardNotFound(shardId, KinesisService.NameOf(request), service.Account);

    public static Shard Find(EmbeddedStream stream, int index, KinesisService service) =>
        stream.Records.FindShard(index) is { } shard && !shard.IsExpired(service.Streams.Time.GetUtcNow())
            ? shard
            : throw ShardNotFound(ShardId.Format(index), stream.Name, stream.Account);

    public static void RefuseClosed(Shard shard, EmbeddedStream stream)
    {
        if (shard.IsClosed)
            throw KinesisException.InvalidArgument(
                $"Shard {shard.Id} in stream {stream.Name} under account {stream.Account} has already been merged or split, and thus is not eligible for merging or splitting.");
    }

    public static void RefuseOnDemand(EmbeddedStream stream)
    {
        if (stream.Settings.Mode is StreamMode.OnDemand)
            throw KinesisException.Validation($"Request is invalid. Stream {stream.Name} under account {stream.Account} is in On-Demand mode.");
    }

    /// <summary>Shards of all streams together are bounded.</summary>
    public static void CheckQuota(KinesisService service, int more)
    {
        int current = service.Streams.All.Sum(stream => stream.Records.OpenShardCount);
        if (more > CreateStream.ShardQuota - current)
            throw KinesisException.LimitExceeded(
                $"This request would exceed the shard limit for the account {service.Account} in {service.Caller.Region}. "
                + $"Current shard count for the account: {current}. Limit: {CreateStream.ShardQuota}. "
                + $"Number of additional shards that would have resulted from this request: {more}. "
                + "Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) "
                + "for current limits and how to request higher limits.");
    }

    /// <summary>ON_DEMAND streams are bounded.</summary>
    public static void CheckOnDemandQuota(KinesisService service)
    {
        int current = service.Streams.All.Count(stream => stream.Settings.Mode is StreamMode.OnDemand);
        if (current >= DescribeLimits.OnDemandStreamsMax)
            throw KinesisException.LimitExceeded(
                $"This request would exceed the limit on the number of On-Demand streams for the account {service.Account} in {service.Caller.Region}. "
                + $"Current On-Demand streams count: {current}. Limit: {DescribeLimits.OnDemandStreamsMax}.");
    }

    private static KinesisException ShardNotFound(string shardId, string streamName, string account) =>
        KinesisException.NotFound($"Could not find shard {shardId} in stream {streamName} under account {account}.");
}
