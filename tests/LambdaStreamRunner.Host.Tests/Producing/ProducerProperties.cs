using LambdaStreamRunner.Host.Producing;

namespace LambdaStreamRunner.Host.Tests.Producing;

/// <summary>An endpoint that fails at random. The name of a case is its seed.</summary>
public class ProducerProperties
{
    private const int Records = 600;

    private const int Keys = 25;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Order_per_key_survives_failures_nothing_is_lost_and_counts_add_up(int seed)
    {
        await using ScriptedKinesis kinesis = await ScriptedKinesis.StartAsync(seed, entryFailures: 0.25, requestFailures: 0.2);

        ProducerCounts counts = await PutAsync(kinesis, seed, new ProducerOptions { Connections = 1 + (seed % 5) });

        AssertNothingIsLostAndOrderIsKept(kinesis, counts);
        Assert.Equal(0, kinesis.SharedKeys);
        Assert.Equal(kinesis.Requests, counts.Requests);
        Assert.Equal(Records, counts.KinesisRecords);
        Assert.True(counts.Retried > 0);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Aggregated_records_keep_order_per_key_and_lie_on_the_shards_of_their_keys(int seed)
    {
        await using ScriptedKinesis kinesis = await ScriptedKinesis.StartAsync(seed, entryFailures: 0.25, requestFailures: 0.2);
        kinesis.Shards = Core.Streams.HashKeyRange.Split(3);

        ProducerCounts counts = await PutAsync(kinesis, seed, new ProducerOptions { AggregateSizeMax = 300 });

        AssertNothingIsLostAndOrderIsKept(kinesis, counts);
        Assert.True(counts.KinesisRecords < Records);
        Assert.All(kinesis.Stored, stored => Assert.All(
            Aggregation.AggregatedRecord.Open(stored.PartitionKey, stored.Data), user => Assert.Equal(stored.Shard, ShardOf(kinesis, user.PartitionKey))));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Where_shards_are_not_listed_records_are_aggregated_per_key(int seed)
    {
        await using ScriptedKinesis kinesis = await ScriptedKinesis.StartAsync(seed, entryFailures: 0.25, requestFailures: 0.2, hidesShards: true);

        ProducerCounts counts = await PutAsync(kinesis, seed, new ProducerOptions { AggregateSizeMax = 300 });

        AssertNothingIsLostAndOrderIsKept(kinesis, counts);
        Assert.All(kinesis.Stored, stored => Assert.All(
            Aggregation.AggregatedRecord.Open(stored.PartitionKey, stored.Data), user => Assert.Equal(stored.PartitionKey, user.PartitionKey)));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Without_order_nothing_is_lost_either_and_records_of_one_key_go_together(int seed)
    {
        await using ScriptedKinesis kinesis = await ScriptedKinesis.StartAsync(seed, entryFailures: 0.25, requestFailures: 0.2);

        ProducerCounts counts = await PutAsync(kinesis, seed, new ProducerOptions { Order = KeyOrder.NotKept });

        Assert.Equal(Expected(), kinesis.NumbersByKey().ToDictionary(key => key.Key, key => key.Value.Order().Distinct().ToList()));
        Assert.Equal(Records, counts.Put);
        Assert.True(kinesis.SharedKeys > 0);
    }

    private static async Task<ProducerCounts> PutAsync(ScriptedKinesis kinesis, int seed, ProducerOptions options)
    {
        var time = new EagerTime();
        using var endpoint = new KinesisEndpoint(kinesis.Url, options.Connections, time);
        Producer producer = await Producer.StartAsync(endpoint, "clicks", options, new Random(seed), time, TestContext.Current.CancellationToken);
        await using (producer)
        {
            for (int i = 0; i < Records; i++)
                await producer.AddAsync($"key-{i % Keys}", Arrivals.Payload(i / Keys), TestContext.Current.CancellationToken);
            await producer.FlushAsync();
        }
        return producer.Counts;
    }

    private static void AssertNothingIsLostAndOrderIsKept(ScriptedKinesis kinesis, ProducerCounts counts)
    {
        Dictionary<string, List<int>> numbers = kinesis.NumbersByKey();
        int twice = numbers.Values.Sum(ofKey => ofKey.Count - ofKey.Distinct().Count());

        Assert.Equal(Expected(), numbers.ToDictionary(key => key.Key, key => key.Value.Distinct().ToList()));
        Assert.Equal(Records, counts.Put);
        Assert.True(twice <= counts.MayBeTwice, $"{twice} records are there twice, and only {counts.MayBeTwice} may be.");
    }

    private static Dictionary<string, List<int>> Expected() =>
        Enumerable.Range(0, Keys).ToDictionary(key => $"key-{key}", _ => Enumerable.Range(0, Records / Keys).ToList());

    private static string ShardOf(ScriptedKinesis kinesis, string key)
    {
        UInt128 hash = Core.Streams.HashKeyRange.HashOf(System.Text.Encoding.UTF8.GetBytes(key));
        return $"shardId-{kinesis.Shards.Length:000000}{Array.FindIndex(kinesis.Shards, range => range.Contains(hash)):000000}";
    }
}
