using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.StreamServer;
using static LambdaStreamRunner.Runner.Tests.Configuration.ConfigurationText;

namespace LambdaStreamRunner.Runner.Tests.Configuration;

/// <summary>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-kinesis-stream.html</summary>
public class StreamPropertiesTests
{
    [Fact]
    public void Every_property_of_a_stream_reaches_the_settings_of_a_new_one()
    {
        StreamConfiguration stream = StreamOf("""
            "ShardCount": 3, "RetentionPeriodHours": 8760, "StreamModeDetails": { "StreamMode": "provisioned" }, "MaxRecordSizeInKiB": 10240,
            "StreamEncryption": { "EncryptionType": "kms", "KeyId": "alias/aws/kinesis" }, "DesiredShardLevelMetrics": ["OutgoingBytes", "IncomingBytes"],
            "Tags": [ { "Key": "team", "Value": "shop" }, { "Key": "Cost", "Value": "" } ]
            """);

        StreamSettings settings = stream.ToSettings(StreamLimits.Aws, Now);

        Assert.Equal(3, stream.ShardCount);
        Assert.Equal((8760, StreamMode.Provisioned, 10_240), (settings.RetentionPeriodHours, settings.Mode, settings.MaxRecordSizeInKiB));
        Assert.Equal(["IncomingBytes", "OutgoingBytes"], settings.ShardLevelMetrics);
        Assert.Equal(["Cost=", "team=shop"], settings.Tags.Select(tag => $"{tag.Key}={tag.Value}"));
        Assert.Equal("alias/aws/kinesis", settings.KeyId);
        Assert.True(settings.Encrypted.Include(Now.ToUnixTimeMilliseconds()));
        Assert.Equal(StreamLimits.Aws, settings.Limits);
    }

    [Fact]
    public void A_stream_that_says_nothing_has_AWS_defaults() =>
        Assert.Equal(new StreamSettings(), StreamOf("").ToSettings(StreamLimits.None, Now));

    [Fact]
    public void An_ON_DEMAND_stream_can_be_warmed_up()
    {
        StreamConfiguration stream = StreamOf("""
            "StreamModeDetails": { "StreamMode": "ON_DEMAND" }, "WarmThroughputMiBps": 10240, "DesiredShardLevelMetrics": ["ALL"]
            """);

        StreamSettings settings = stream.ToSettings(StreamLimits.None, Now);
        Assert.Equal((StreamMode.OnDemand, 10_240), (settings.Mode, settings.WarmThroughputMiBps));
        Assert.Equal(ShardMetrics.Names, settings.ShardLevelMetrics);
    }

    [Theory]
    [InlineData("\"StreamModeDetails\": { \"StreamMode\": \"ON_DEMAND\" }, \"ShardCount\": 2", "ShardCount is for streams in PROVISIONED mode")]
    [InlineData("\"StreamModeDetails\": { \"StreamMode\": \"ON_DEMAND\" }, \"WarmThroughputMiBps\": 10241", "WarmThroughputMiBps is 10241; AWS takes 0 to 10240.")]
    [InlineData("\"WarmThroughputMiBps\": 1", "WarmThroughputMiBps belongs to streams in ON_DEMAND mode.")]
    [InlineData("\"StreamModeDetails\": { \"StreamMode\": \"ON-DEMAND\" }", "it can be PROVISIONED or ON_DEMAND. Did you mean 'ON_DEMAND'?")]
    [InlineData("\"RetentionPeriodHours\": 23", "RetentionPeriodHours is 23; AWS takes 24 to 8760.")]
    [InlineData("\"MaxRecordSizeInKiB\": 1023", "MaxRecordSizeInKiB is 1023; AWS takes 1024 to 10240.")]
    [InlineData("\"StreamEncryption\": { \"EncryptionType\": \"NONE\", \"KeyId\": \"k\" }", "EncryptionType is \"NONE\"; it can be KMS.")]
    [InlineData("\"StreamEncryption\": { \"EncryptionType\": \"KMS\" }", "KeyId is missing; name a key")]
    [InlineData("\"DesiredShardLevelMetrics\": [\"All\"]", "has 'All'; it can have IncomingBytes,")]
    [InlineData("\"DesiredShardLevelMetrics\": [1]", "DesiredShardLevelMetrics[0] is 1; write a text in quotes.")]
    [InlineData("\"Tags\": [ { \"Key\": \"a\" } ]", "Tags[0].Value is missing")]
    [InlineData("\"Tags\": [ { \"Key\": \"a\", \"Value\": \"1\" }, { \"Key\": \"a\", \"Value\": \"2\" } ]", "Tags[1].Key is \"a\" a second time.")]
    [InlineData("\"Tags\": [ { \"Key\": \"a;b\", \"Value\": \"1\" } ]", "Tags has the tag 'a;b'; AWS takes letters,")]
    [InlineData("\"Tags\": { \"a\": \"1\" }", "write a list in brackets")]
    public void What_Kinesis_would_not_take_is_refused(string properties, string complaint) =>
        Assert.Contains(complaint, OnlyError(WithStream(properties)).ToString(), StringComparison.Ordinal);

    private static StreamConfiguration StreamOf(string properties) => Valid(WithStream(properties)).Streams[0];
}
