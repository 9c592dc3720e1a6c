using System.Buffers;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Host.Producing;
using LambdaStreamRunner.StreamServer;
using LambdaStreamRunner.StreamServer.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Host.Tests.Producing;

/// <summary>A producer against the server that this product has.</summary>
public class EmbeddedStreamTests
{
    private const int Records = 4000;

    private const int Keys = 40;

    [Theory]
    [InlineData(null)]
    [InlineData(2000)]
    public async Task All_records_arrive_in_order_per_key_and_on_the_shards_of_their_keys(int? aggregateSizeMax)
    {
        var streams = new EmbeddedStreams(new EmbeddedStreamsOptions(), TimeProvider.System);
        EmbeddedStream stream = streams.Create("clicks", shardCount: 3);
        await using WebApplication app = await StartAsync(streams);

        ProducerCounts counts = await PutAsync(new Uri(app.Urls.Single()), aggregateSizeMax, TimeProvider.System);

        long kinesisRecords = AssertAllInOrder(stream);
        Assert.Equal((Records, kinesisRecords), (counts.Put, counts.KinesisRecords));
        Assert.Equal(aggregateSizeMax is null, kinesisRecords == Records);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2000)]
    public async Task So_they_do_when_the_stream_rehearses_faults(int? aggregateSizeMax)
    {
        var streams = new EmbeddedStreams(new EmbeddedStreamsOptions(), TimeProvider.System);
        EmbeddedStream stream = streams.Create("clicks", shardCount: 3);
        stream.Rehearse(new StreamFaults { ThrottleRate = 0.15, ErrorRate = 0.05 });
        TestContext.Current.SendDiagnosticMessage($"Seed {stream.Faults!.Seed}; StreamFaults.Seed takes it.");
        await using WebApplication app = await StartAsync(streams);

        ProducerCounts counts = await PutAsync(new Uri(app.Urls.Single()), aggregateSizeMax, new EagerTime());

        long kinesisRecords = AssertAllInOrder(stream);
        Assert.True((Records, kinesisRecords) == (counts.Put, counts.KinesisRecords), $"{counts} with seed {stream.Faults.Seed}");
        FaultCounts faults = stream.Faults.Counts;
        Assert.True(counts.Retried >= faults.ThrottledRecords + faults.FailedRecords, $"{counts}, {faults}");
        if (aggregateSizeMax is null)                         // aggregated, there are too few Kinesis records to be sure of every kind
            Assert.True(faults is { ThrottledRecords: > 0, FailedRecords: > 0, FailedCalls: > 0 }, $"{faults} with seed {stream.Faults.Seed}");
    }

    /// <summary>Every record is there once, in the order of its key and on its shard; how many Kinesis records they are.</summary>
    private static long AssertAllInOrder(EmbeddedStream stream)
    {
        Dictionary<string, List<int>> numbers = [];
        long kinesisRecords = 0;
        foreach (Shard shard in stream.ListShards())
        {
            StreamRecord[] records = stream.Read(new ShardReader(shard), ShardPosition.TrimHorizon, ShardReader.RecordsMax).Records.ToArray();
            kinesisRecords += records.Length;
            foreach ((string key, List<int> ofKey) in Arrivals.NumbersByKey(records.Select(record => (record.PartitionKey, record.Data))))
            {
                Assert.True(shard.HashKeyRange.Contains(HashKeyRange.HashOf(System.Text.Encoding.UTF8.GetBytes(key))));
                numbers.Add(key, ofKey);                      // fails when another shard has records of the key
            }
        }
        Assert.Equal(Keys, numbers.Count);
        Assert.All(numbers.Values, ofKey => Assert.Equal(Enumerable.Range(0, Records / Keys), ofKey));
        return kinesisRecords;
    }

    private static async Task<ProducerCounts> PutAsync(Uri url, int? aggregateSizeMax, TimeProvider time)
    {
        var options = new ProducerOptions { AggregateSizeMax = aggregateSizeMax };
        using var endpoint = new KinesisEndpoint(url, options.Connections, TimeProvider.System);
        Producer producer = await Producer.StartAsync(endpoint, "clicks", options, new Random(1), time, TestContext.Current.CancellationToken);
        await using (producer)
        {
            for (int i = 0; i < Records; i++)
                await producer.AddAsync($"key-{i % Keys}", Arrivals.Payload(i / Keys), TestContext.Current.CancellationToken);
            await producer.FlushAsync();
        }
        return producer.Counts;
    }

    private static async Task<WebApplication> StartAsync(EmbeddedStreams streams)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.MapKinesis(streams);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
