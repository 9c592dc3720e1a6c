using System.Collections.Frozen;
using System.Runtime.InteropServices;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Actions;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>Calls of each action that AWS takes in a second (Kinesis reference 2.1). They are counted for the account, also where AWS counts for each stream.</summary>
internal sealed class CallRates
{
    private static readonly FrozenDictionary<string, int> PerSecond = new Dictionary<string, int>
    {
        ["AddTagsToStream"] = 5,
        ["CreateStream"] = 5,
        ["DecreaseStreamRetentionPeriod"] = 5,
        ["DeleteStream"] = 5,
        ["DeregisterStreamConsumer"] = 5,
        ["DescribeAccountSettings"] = 5,
        ["DescribeLimits"] = 1,
        ["DescribeStream"] = 10,
        ["DescribeStreamConsumer"] = 20,
        ["DescribeStreamSummary"] = 20,
        ["DisableEnhancedMonitoring"] = 5,
        ["EnableEnhancedMonitoring"] = 5,
        ["IncreaseStreamRetentionPeriod"] = 5,
        ["ListShards"] = 1000,
        ["ListStreamConsumers"] = 5,
        ["ListStreams"] = 5,
        ["ListTagsForStream"] = 5,
        ["MergeShards"] = 5,
        ["RegisterStreamConsumer"] = 5,
        ["RemoveTagsFromStream"] = 5,
        ["SplitShard"] = 5,
        ["UpdateAccountSettings"] = 5,
        ["UpdateShardCount"] = 10,
        ["UpdateStreamWarmThroughput"] = 5,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly Dictionary<string, TokenBucket> _buckets = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Counts a call.</summary>
    /// <exception cref="KinesisException">There were too many in this second.</exception>
    public void Take(KinesisAction action, Arguments request, KinesisService service)
    {
        if (!PerSecond.TryGetValue(action.Name, out int rate) || TryTake(action.Name, rate, service.Streams.Time.GetUtcNow()))
            return;
        string whom = request.Has("StreamName") || request.Has("StreamARN") ? $"stream {KinesisService.NameOf(request)} under account" : "account";
        throw KinesisException.LimitExceeded($"Rate exceeded for {whom} {service.Account}.");
    }

    private bool TryTake(string action, int rate, DateTimeOffset now)
    {
        lock (_lock)
        {
            ref TokenBucket bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(_buckets, action, out bool exists);
            if (!exists)
                bucket = new TokenBucket(rate);
            if (!bucket.Has(1, now))
                return false;
            bucket.Take(1, now);
            return true;
        }
    }
}
