using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

/// <summary>Monitoring, encryption, mode, record size, limits (Kinesis reference 2.6).</summary>
public class StreamSettingsTests
{
    private const string Arn = "arn:aws:kinesis:us-east-1:000000000000:stream/clicks";

    [Fact]
    public async Task ALL_turns_on_every_metric_and_the_answer_says_before_and_after()
    {
        await using KinesisServer server = await StartAsync();
        Assert.Equal(
            """{"StreamName":"clicks","CurrentShardLevelMetrics":[],"DesiredShardLevelMetrics":["IncomingBytes","OutgoingBytes"],"StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/clicks"}""",
            (await server.CallAsync("EnableEnhancedMonitoring", new { StreamName = "clicks", ShardLevelMetrics = new[] { "OutgoingBytes", "IncomingBytes" } })).GetRawText());
        JsonElement all = await server.CallAsync("EnableEnhancedMonitoring", new { StreamName = "clicks", ShardLevelMetrics = new[] { "ALL" } });
        Assert.Equal((2, 7), (all.GetProperty("CurrentShardLevelMetrics").GetArrayLength(), all.GetProperty("DesiredShardLevelMetrics").GetArrayLength()));
        Assert.Equal(7, (await DescribeAsync(server)).GetProperty("EnhancedMonitoring")[0].GetProperty("ShardLevelMetrics").GetArrayLength());

        JsonElement less = await server.CallAsync("DisableEnhancedMonitoring", new { StreamName = "clicks", ShardLevelMetrics = new[] { "IncomingRecords" } });
        Assert.Equal(6, less.GetProperty("DesiredShardLevelMetrics").GetArrayLength());
        JsonElement none = await server.CallAsync("DisableEnhancedMonitoring", new { StreamName = "clicks", ShardLevelMetrics = new[] { "ALL" } });
        Assert.Equal(0, none.GetProperty("DesiredShardLevelMetrics").GetArrayLength());
    }

    [Fact]
    public async Task An_encrypted_stream_says_so_with_its_key_until_encryption_is_stopped()
    {
        await using KinesisServer server = await StartAsync();
        object request = new { StreamName = "clicks", EncryptionType = "KMS", KeyId = "alias/aws/kinesis" };
        await server.CallAsync("StartStreamEncryption", request);
        JsonElement encrypted = await DescribeAsync(server);
        Assert.Equal(("KMS", "alias/aws/kinesis"), (encrypted.GetProperty("EncryptionType").GetString(), encrypted.GetProperty("KeyId").GetString()));
        JsonElement put = await server.CallAsync("PutRecord", new { StreamName = "clicks", Data = "", PartitionKey = "k" });
        Assert.Equal("KMS", put.GetProperty("EncryptionType").GetString());

        await server.CallAsync("StopStreamEncryption", request);
        JsonElement plain = await DescribeAsync(server);
        Assert.Equal("NONE", plain.GetProperty("EncryptionType").GetString());
        Assert.False(plain.TryGetProperty("KeyId", out _));
        Assert.False((await server.CallAsync("PutRecord", new { StreamName = "clicks", Data = "", PartitionKey = "k" })).TryGetProperty("EncryptionType", out _));
    }

    [Fact]
    public async Task Records_say_that_they_are_encrypted_when_the_stream_was_as_they_arrived()
    {
        await using KinesisServer server = await StartAsync();
        object request = new { StreamName = "clicks", EncryptionType = "KMS", KeyId = "alias/aws/kinesis" };
        await PutLaterAsync(server);
        await server.CallAsync("StartStreamEncryption", request);
        await server.CallAsync("StartStreamEncryption", request);
        await PutLaterAsync(server);
        await server.CallAsync("StopStreamEncryption", request);
        await PutLaterAsync(server);

        JsonElement read = await server.CallAsync("GetRecords", new { ShardIterator = await server.IteratorAsync("clicks", "TRIM_HORIZON") });

        Assert.Equal(
            [null, "KMS", null],
            read.GetProperty("Records").EnumerateArray().Select(record => record.TryGetProperty("EncryptionType", out JsonElement type) ? type.GetString() : null));
    }

    [Fact]
    public async Task The_record_size_of_a_stream_can_be_raised_and_is_held()
    {
        await using KinesisServer server = await StartAsync();
        object large = new { StreamName = "clicks", Data = Convert.ToBase64String(new byte[1_500_000]), PartitionKey = "k" };
        Assert.StartsWith("InvalidArgumentException: Record size", await server.RefusedAsync("PutRecord", large), StringComparison.Ordinal);
        await server.CallAsync("UpdateMaxRecordSize", new { StreamARN = Arn, MaxRecordSizeInKiB = 2048 });
        await server.CallAsync("PutRecord", large);
        Assert.Equal(2048, (await DescribeAsync(server)).GetProperty("MaxRecordSizeInKiB").GetInt32());
        Assert.Equal(
            "ValidationException: 1 validation error detected: Value '1023' at 'maxRecordSizeInKiB' failed to satisfy constraint: Member must have value greater than or equal to 1024",
            await server.RefusedAsync("UpdateMaxRecordSize", new { StreamARN = Arn, MaxRecordSizeInKiB = 1023 }));
    }

    [Fact]
    public async Task The_same_mode_again_changes_nothing()
    {
        await using KinesisServer server = await StartAsync();
        await server.CallAsync("UpdateStreamMode", new { StreamARN = Arn, StreamModeDetails = new { StreamMode = "PROVISIONED" } });
        Assert.Equal(
            "ValidationException: Request is invalid. Stream clicks under account 000000000000 is not in On-Demand mode.",
            await server.RefusedAsync("UpdateStreamWarmThroughput", new { StreamName = "clicks", WarmThroughputMiBps = 5 }));
    }

    [Fact]
    public async Task An_ON_DEMAND_stream_has_four_shards_that_nobody_else_may_change()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        await server.CallAsync("CreateStream", new { StreamName = "clicks", ShardCount = 1, StreamModeDetails = new { StreamMode = "ON_DEMAND" } });
        JsonElement stream = await DescribeAsync(server);
        Assert.Equal("ON_DEMAND", stream.GetProperty("StreamModeDetails").GetProperty("StreamMode").GetString());
        Assert.Equal(4, stream.GetProperty("OpenShardCount").GetInt32());
        Assert.False(stream.TryGetProperty("WarmThroughput", out _));

        Assert.Equal(
            "ValidationException: Request is invalid. Stream clicks under account 000000000000 is in On-Demand mode.",
            await server.RefusedAsync("UpdateShardCount", new { StreamName = "clicks", TargetShardCount = 5, ScalingType = "UNIFORM_SCALING" }));
    }

    [Fact]
    public async Task The_shards_stay_when_the_mode_is_changed()
    {
        await using KinesisServer server = await StartAsync();
        await server.CallAsync("UpdateStreamMode", new { StreamARN = Arn, StreamModeDetails = new { StreamMode = "ON_DEMAND" } });

        JsonElement stream = await DescribeAsync(server);
        Assert.Equal("ON_DEMAND", stream.GetProperty("StreamModeDetails").GetProperty("StreamMode").GetString());
        Assert.Equal(1, stream.GetProperty("OpenShardCount").GetInt32());
    }

    [Fact]
    public async Task Limits_count_the_open_shards_of_all_streams()
    {
        await using KinesisServer server = await StartAsync();
        server.Streams.Create("more", 3);
        Assert.Equal(
            """{"ShardLimit":20000,"OpenShardCount":4,"OnDemandStreamCount":0,"OnDemandStreamCountLimit":50}""",
            (await server.CallAsync("DescribeLimits", new { })).GetRawText());
    }

    private static async Task<KinesisServer> StartAsync()
    {
        KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);
        return server;
    }

    private static async Task PutLaterAsync(KinesisServer server)
    {
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await server.CallAsync("PutRecord", new { StreamName = "clicks", Data = "", PartitionKey = "k" });
        server.Time.Advance(TimeSpan.FromSeconds(1));
    }

    private static async Task<JsonElement> DescribeAsync(KinesisServer server) =>
        (await server.CallAsync("DescribeStreamSummary", new { StreamName = "clicks" })).GetProperty("StreamDescriptionSummary");
}
