using System.Globalization;
using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Tests;

/// <summary>What a stream with AWS's limits takes and gives (Kinesis reference 4).</summary>
public class LimitsTests
{
    private const string ShardRefusal = "ProvisionedThroughputExceededException: Rate exceeded for shard shardId-000000000000 in stream clicks under account 000000000000.";

    [Fact]
    public async Task The_1001st_record_of_a_second_is_refused_alone()
    {
        await using KinesisServer server = await StartAsync();
        Assert.Equal(0, await PutManyAsync(server, 500));
        Assert.Equal(0, await PutManyAsync(server, 499));

        JsonElement answer = await server.CallAsync("PutRecords", new { StreamName = "clicks", Records = Records(2) });

        Assert.Equal(1, answer.GetProperty("FailedRecordCount").GetInt32());
        Assert.Equal("shardId-000000000000", answer.GetProperty("Records")[0].GetProperty("ShardId").GetString());
        Assert.Equal(
            """{"ErrorCode":"ProvisionedThroughputExceededException","ErrorMessage":"Rate exceeded for shard shardId-000000000000 in stream clicks under account 000000000000."}""",
            answer.GetProperty("Records")[1].GetRawText());
        Assert.Equal(1000, server.Streams.Get("clicks").Records.Shards[0].RecordCount);
    }

    [Fact]
    public async Task The_shard_count_is_updated_ten_times_in_24_hours()
    {
        await using KinesisServer server = await StartAsync();
        for (int i = 0; i < 10; i++)
        {
            await server.CallAsync("UpdateShardCount", new { StreamName = "clicks", TargetShardCount = 1 + ((i + 1) % 2), ScalingType = "UNIFORM_SCALING" });
            server.Time.Advance(TimeSpan.FromHours(1));
        }
        var eleventh = new { StreamName = "clicks", TargetShardCount = 2, ScalingType = "UNIFORM_SCALING" };

        Assert.Equal(
            "LimitExceededException: UpdateShardCount is limited to 10 calls in 24 hours for a stream. Stream clicks under account 000000000000 has used them up.",
            await server.RefusedAsync("UpdateShardCount", eleventh));

        server.Time.Advance(TimeSpan.FromHours(14));
        await server.CallAsync("UpdateShardCount", eleventh);
    }

    [Fact]
    public async Task The_mode_is_switched_twice_in_24_hours()
    {
        await using KinesisServer server = await StartAsync();
        string arn = server.Streams.Get("clicks").Arn;
        await server.CallAsync("UpdateStreamMode", new { StreamARN = arn, StreamModeDetails = new { StreamMode = "ON_DEMAND" } });
        await server.CallAsync("UpdateStreamMode", new { StreamARN = arn, StreamModeDetails = new { StreamMode = "PROVISIONED" } });

        Assert.StartsWith(
            "LimitExceededException: UpdateStreamMode is limited to 2 calls",
            await server.RefusedAsync("UpdateStreamMode", new { StreamARN = arn, StreamModeDetails = new { StreamMode = "ON_DEMAND" } }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenth_of_a_second_brings_a_tenth_of_the_records_back()
    {
        await using KinesisServer server = await StartAsync();
        await PutManyAsync(server, 500);
        await PutManyAsync(server, 500);
        server.Time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(200, await PutManyAsync(server, 300));
    }

    [Fact]
    public async Task More_than_a_mebibyte_a_second_is_refused()
    {
        await using KinesisServer server = await StartAsync();
        await PutAsync(server, 700_000);
        Assert.Equal(ShardRefusal, await RefusedPutAsync(server, 400_000));

        server.Time.Advance(TimeSpan.FromSeconds(1));
        await PutAsync(server, 400_000);
    }

    [Fact]
    public async Task A_record_larger_than_a_second_s_worth_is_taken_and_paid_off()
    {
        await using KinesisServer server = await StartAsync();
        server.Streams.Get("clicks").Change(settings => settings with { MaxRecordSizeInKiB = 10_240 });
        await PutAsync(server, 5 << 20);
        server.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(ShardRefusal, await RefusedPutAsync(server, 10));

        server.Time.Advance(TimeSpan.FromSeconds(1));
        await PutAsync(server, 10);
    }

    [Fact]
    public async Task GetRecords_can_be_called_five_times_a_second()
    {
        await using KinesisServer server = await StartAsync();
        string iterator = await server.IteratorAsync("clicks", "TRIM_HORIZON");
        for (int i = 0; i < 5; i++)
            await server.CallAsync("GetRecords", new { ShardIterator = iterator });
        Assert.Equal(ShardRefusal, await server.RefusedAsync("GetRecords", new { ShardIterator = iterator }));

        server.Time.Advance(TimeSpan.FromMilliseconds(200));
        await server.CallAsync("GetRecords", new { ShardIterator = iterator });
    }

    [Fact]
    public async Task After_ten_mebibytes_nothing_is_read_for_five_seconds()
    {
        await using KinesisServer server = await StartAsync();
        EmbeddedStream stream = server.Streams.Get("clicks");
        for (int i = 0; i < 10; i++)
            stream.Put("k", new byte[(1 << 20) - 1]);
        string iterator = await server.IteratorAsync("clicks", "TRIM_HORIZON");
        await server.CallAsync("GetRecords", new { ShardIterator = iterator });
        server.Time.Advance(TimeSpan.FromMilliseconds(4990));
        Assert.Equal(ShardRefusal, await server.RefusedAsync("GetRecords", new { ShardIterator = iterator }));

        server.Time.Advance(TimeSpan.FromMilliseconds(10));
        await server.CallAsync("GetRecords", new { ShardIterator = iterator });
    }

    [Fact]
    public async Task The_sixth_iterator_of_a_second_is_refused()
    {
        await using KinesisServer server = await StartAsync();
        for (int i = 0; i < 5; i++)
            await server.IteratorAsync("clicks", "LATEST");

        Assert.Equal(
            ShardRefusal,
            await server.RefusedAsync("GetShardIterator", new { StreamName = "clicks", ShardId = "0", ShardIteratorType = "LATEST" }));
    }

    [Fact]
    public async Task Actions_on_streams_have_rates_of_their_own()
    {
        await using KinesisServer server = await StartAsync();
        for (int i = 0; i < 10; i++)
            await server.CallAsync("DescribeStream", new { StreamName = "clicks" });

        Assert.Equal(
            "LimitExceededException: Rate exceeded for stream clicks under account 000000000000.",
            await server.RefusedAsync("DescribeStream", new { StreamName = "clicks" }));
        await server.CallAsync("DescribeStreamSummary", new { StreamName = "clicks" });
        server.Time.Advance(TimeSpan.FromMilliseconds(100));
        await server.CallAsync("DescribeStream", new { StreamName = "clicks" });
    }

    [Fact]
    public async Task Without_limits_nothing_is_throttled()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);
        for (int i = 0; i < 5; i++)
            Assert.Equal(0, await PutManyAsync(server, 500));
        string iterator = await server.IteratorAsync("clicks", "TRIM_HORIZON");
        for (int i = 0; i < 20; i++)
            await server.CallAsync("GetRecords", new { ShardIterator = iterator });
    }

    [Fact]
    public async Task A_stream_can_be_limited_by_itself_and_what_the_process_puts_never_is()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        stream.Limit(StreamLimits.Aws);
        for (int i = 0; i < 1500; i++)
            stream.Put("k", "x"u8.ToArray());
        Assert.Equal(0, await PutManyAsync(server, 500));
        Assert.Equal(0, await PutManyAsync(server, 500));

        Assert.Equal(10, await PutManyAsync(server, 10));
    }

    private static async Task<KinesisServer> StartAsync()
    {
        KinesisServer server = await KinesisServer.StartAsync(new EmbeddedStreamsOptions { Limits = StreamLimits.Aws });
        await server.CallAsync("CreateStream", new { StreamName = "clicks", ShardCount = 1 });
        return server;
    }

    private static object[] Records(int count) =>
        [.. Enumerable.Range(0, count).Select(number => new { Data = "", PartitionKey = number.ToString(CultureInfo.InvariantCulture) })];

    /// <summary>How many were refused.</summary>
    private static async Task<int> PutManyAsync(KinesisServer server, int count) =>
        (await server.CallAsync("PutRecords", new { StreamName = "clicks", Records = Records(count) })).GetProperty("FailedRecordCount").GetInt32();

    private static async Task PutAsync(KinesisServer server, int bytes) => await server.CallAsync("PutRecord", Record(bytes));

    private static Task<string> RefusedPutAsync(KinesisServer server, int bytes) => server.RefusedAsync("PutRecord", Record(bytes));

    private static object Record(int bytes) => new { StreamName = "clicks", Data = Convert.ToBase64String(new byte[bytes - 1]), PartitionKey = "k" };
}
