using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace LambdaStreamRunner.StreamServer.Tests;

/// <summary>Streams in ON_DEMAND mode that scale, as clients see it (Kinesis reference 2.6 and 4.2).</summary>
public class OnDemandStreamTests
{
    private const string Arn = "arn:aws:kinesis:us-east-1:000000000000:stream/clicks";

    private static readonly EmbeddedStreamsOptions Slow = new() { UpdatingDelay = TimeSpan.FromSeconds(30) };

    [Fact]
    public async Task A_busy_shard_is_split_while_the_stream_is_UPDATING_and_its_records_stay_readable()
    {
        await using KinesisServer server = await KinesisServer.StartAsync(Slow);
        EmbeddedStream stream = await CreateAsync(server);
        stream.ScaleOnDemand(roomForShards: 100);
        PutMuch(stream, shard: 2);
        server.Time.Advance(OnDemandScaling.Window);

        Assert.Equal(1, stream.ScaleOnDemand(roomForShards: 100));

        Assert.Equal((StreamStatus.Updating, 4), (stream.Status, stream.Records.OpenShardCount));
        Assert.Equal(0, stream.ScaleOnDemand(roomForShards: 100));
        server.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((StreamStatus.Active, 5), (stream.Status, stream.Records.OpenShardCount));
        JsonElement shards = (await server.CallAsync("ListShards", new { StreamName = "clicks" })).GetProperty("Shards");
        Assert.Equal(["shardId-000000000002", "shardId-000000000002"], shards.EnumerateArray().Skip(4).Select(shard => shard.GetProperty("ParentShardId").GetString()));
        Assert.True(stream.Records.Shards[2].IsClosed);
        Assert.True(stream.Read(new ShardReader(stream.Records.Shards[2]), ShardPosition.TrimHorizon, 10).Records.Length > 0);
    }

    [Fact]
    public async Task A_stream_in_PROVISIONED_mode_is_left_alone()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = await CreateAsync(server, "PROVISIONED");
        stream.ScaleOnDemand(roomForShards: 100);
        PutMuch(stream, shard: 0);
        server.Time.Advance(OnDemandScaling.Window);

        Assert.Equal((0, 4), (stream.ScaleOnDemand(roomForShards: 100), stream.Records.OpenShardCount));
    }

    [Fact]
    public async Task With_AWS_limits_a_shard_is_throttled_as_in_the_other_mode_and_its_children_take_twice_as_much()
    {
        await using KinesisServer server = await KinesisServer.StartAsync(new EmbeddedStreamsOptions { Limits = StreamLimits.Aws });
        EmbeddedStream stream = await CreateAsync(server);
        stream.ScaleOnDemand(roomForShards: 100);
        Assert.Equal(1000, await PutASecondAsync(server));
        for (int second = 1; second < 60; second++)
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            await PutASecondAsync(server);
        }
        server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, stream.ScaleOnDemand(roomForShards: 100));

        Assert.Equal(2000, await PutASecondAsync(server));
    }

    [Fact]
    public async Task The_scaler_works_by_the_minutes_of_its_clock()
    {
        var clock = new WaitingClock(OnDemandScaling.Window);
        var streams = new EmbeddedStreams(new EmbeddedStreamsOptions(), clock);
        EmbeddedStream stream = streams.Create("clicks", 4, new StreamSettings { Mode = StreamMode.OnDemand });
        await using var scaler = new OnDemandScaler(streams, NullLogger.Instance);
        await clock.SomebodyWaitsAsync();

        PutMuch(stream, shard: 0);
        clock.Advance(OnDemandScaling.Window);
        await clock.SomebodyWaitsAsync();

        Assert.Equal(5, stream.Records.OpenShardCount);
    }

    [Fact]
    public async Task UpdateStreamWarmThroughput_brings_its_shards_at_once_and_takes_them_back()
    {
        await using KinesisServer server = await KinesisServer.StartAsync(Slow);
        EmbeddedStream stream = await CreateAsync(server);

        JsonElement answer = await server.CallAsync("UpdateStreamWarmThroughput", new { StreamName = "clicks", WarmThroughputMiBps = 20 });

        Assert.Equal("""{"TargetMiBps":20,"CurrentMiBps":4}""", answer.GetProperty("WarmThroughput").GetRawText());
        Assert.Equal("UPDATING", await StatusAsync(server));
        server.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("ACTIVE", await StatusAsync(server));
        Assert.Equal(HashKeyRange.Split(20), stream.Records.OpenShards.Select(shard => shard.HashKeyRange));
        await server.CallAsync("UpdateStreamWarmThroughput", new { StreamName = "clicks", WarmThroughputMiBps = 0 });
        server.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("ACTIVE", await StatusAsync(server));
        Assert.Equal(4, stream.Records.OpenShardCount);
    }

    [Fact]
    public async Task Other_actions_that_name_a_warm_throughput_bring_its_shards_too()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        await server.CallAsync("CreateStream", new { StreamName = "warm", StreamModeDetails = new { StreamMode = "ON_DEMAND" }, WarmThroughputMiBps = 6 });
        Assert.Equal(6, server.Streams.Get("warm").Records.OpenShardCount);

        await CreateAsync(server, "PROVISIONED");
        await server.CallAsync("UpdateStreamMode", new { StreamARN = Arn, StreamModeDetails = new { StreamMode = "ON_DEMAND" }, WarmThroughputMiBps = 9 });
        Assert.Equal(9, server.Streams.Get("clicks").Records.OpenShardCount);
    }

    [Fact]
    public async Task More_than_AWS_warms_up_is_refused_and_changes_nothing()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = await CreateAsync(server);

        Assert.StartsWith(
            "LimitExceededException: WarmThroughputMiBps cannot be greater than 10240.",
            await server.RefusedAsync("UpdateStreamWarmThroughput", new { StreamName = "clicks", WarmThroughputMiBps = 10_241 }), StringComparison.Ordinal);
        await server.CallAsync("UpdateStreamWarmThroughput", new { StreamName = "clicks", WarmThroughputMiBps = 10_240 });
        Assert.Equal(10_240, stream.Records.OpenShardCount);
        Assert.StartsWith(
            "LimitExceededException: This request would exceed the shard limit",
            await server.RefusedAsync("CreateStream", new { StreamName = "more", StreamModeDetails = new { StreamMode = "ON_DEMAND" }, WarmThroughputMiBps = 10_000 }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_scaled_stream_goes_on_with_its_shards_after_a_restart_also_in_the_middle()
    {
        using var stored = new StoredStreams(options: Slow);
        EmbeddedStream stream = stored.Streams.Create(StoredStreams.Name, 4, new StreamSettings { Mode = StreamMode.OnDemand }, creatingDelay: TimeSpan.Zero);
        Assert.Equal(0, stream.ScaleOnDemand(roomForShards: 100));
        PutMuch(stream, shard: 0);
        stored.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, stream.ScaleOnDemand(roomForShards: 100));

        stored.Restart();
        Assert.Equal(StreamStatus.Updating, stored.Stream.Status);
        stored.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((StreamStatus.Active, 5), (stored.Stream.Status, stored.Stream.Records.OpenShardCount));
        stored.Restart();

        Assert.Equal(5, stored.Stream.Records.OpenShardCount);
        Assert.Equal(0, stored.Stream.ScaleOnDemand(roomForShards: 100));
    }

    private static async Task<EmbeddedStream> CreateAsync(KinesisServer server, string mode = "ON_DEMAND")
    {
        int? shardCount = mode == "ON_DEMAND" ? null : 4;
        await server.CallAsync("CreateStream", new { StreamName = "clicks", ShardCount = shardCount, StreamModeDetails = new { StreamMode = mode } });
        server.Time.Advance(Slow.UpdatingDelay);
        return server.Streams.Get("clicks");
    }

    /// <summary>A little more than half a megabyte for each second of a minute.</summary>
    private static void PutMuch(EmbeddedStream stream, int shard)
    {
        for (int i = 0; i < 31; i++)
            stream.Put("key", new byte[1_000_000], stream.Records.Shards[shard].HashKeyRange.StartingHashKey);
    }

    /// <summary>2,500 records for the hash range of shard 0; how many were taken.</summary>
    private static async Task<int> PutASecondAsync(KinesisServer server)
    {
        UInt128 half = HashKeyRange.Split(4).First().EndingHashKey / 2;
        object[] records =
        [
            .. Enumerable.Range(0, 500).Select(number => new
            {
                Data = "",
                PartitionKey = "k",
                ExplicitHashKey = (number % 2 == 0 ? UInt128.Zero : half + 1000).ToString(CultureInfo.InvariantCulture),
            }),
        ];
        int taken = 0;
        for (int i = 0; i < 5; i++)
            taken += 500 - (await server.CallAsync("PutRecords", new { StreamName = "clicks", Records = records })).GetProperty("FailedRecordCount").GetInt32();
        return taken;
    }

    private static async Task<string?> StatusAsync(KinesisServer server) =>
        (await server.CallAsync("DescribeStreamSummary", new { StreamName = "clicks" })).GetProperty("StreamDescriptionSummary").GetProperty("StreamStatus").GetString();
}
