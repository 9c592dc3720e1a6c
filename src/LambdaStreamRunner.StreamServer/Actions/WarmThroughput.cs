using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>What actions that warm up a stream in ON_DEMAND mode do alike (Kinesis reference 2.6 and 4.2).</summary>
internal static class WarmThroughput
{
    /// <summary>The throughput that a request asks for, in MiB/s; null when it does not.</summary>
    /// <exception cref="KinesisException">It is more than AWS's quota.</exception>
    public static int? Of(Arguments request) => request.Integer("WarmThroughputMiBps") is not { } asked || asked <= OnDemandScaling.WarmThroughputMiBpsMax
        ? request.Integer("WarmThroughputMiBps")
        : throw KinesisException.LimitExceeded(
            $"WarmThroughputMiBps cannot be greater than {OnDemandScaling.WarmThroughputMiBpsMax}. Requested warm throughput: {asked}");

    /// <summary>Brings a stream to as many shards as it takes; null when it has them.</summary>
    /// <exception cref="KinesisException">The account would have too many.</exception>
    public static Reshard? Plan(EmbeddedStream stream, int warmThroughputMiBps, KinesisService service)
    {
        int target = OnDemandScaling.ShardsFor(warmThroughputMiBps);
        int current = stream.Records.OpenShardCount;
        Resharding.CheckQuota(service, target - current);
        return target == current ? null : new Reshard.Update(target);
    }
}
