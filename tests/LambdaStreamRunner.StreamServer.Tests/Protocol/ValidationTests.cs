namespace LambdaStreamRunner.StreamServer.Tests.Protocol;

/// <summary>Broken constraints, all in one message (Kinesis reference 1.7).</summary>
public sealed class ValidationTests : IAsyncLifetime
{
    private const string Lengths = "[Member must have length less than or equal to 128, Member must have length greater than or equal to 1]";

    private KinesisServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await KinesisServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(
        "CreateStream", "{}",
        "Value null at 'streamName' failed to satisfy constraint: Member must not be null")]
    [InlineData(
        "DescribeStream", """{"StreamName":"a b","Limit":0}""",
        "Value 'a b' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
        "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1")]
    [InlineData(
        "DescribeStream", """{"StreamARN":"arn:aws:kinesis"}""",
        """Value 'arn:aws:kinesis' at 'streamARN' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:aws.*:kinesis:.*:\d{12}:stream/\S+""")]
    [InlineData(
        "SplitShard", """{"StreamName":"clicks","ShardToSplit":"","NewStartingHashKey":"01"}""",
        "Value '' at 'shardToSplit' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
        "Value '' at 'shardToSplit' failed to satisfy constraint: Member must have length greater than or equal to 1",
        """Value '01' at 'newStartingHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\d{0,38})""")]
    [InlineData(
        "UpdateShardCount", """{"StreamName":"clicks","TargetShardCount":0,"ScalingType":"SOME"}""",
        "Value '0' at 'targetShardCount' failed to satisfy constraint: Member must have value greater than or equal to 1",
        "Value 'SOME' at 'scalingType' failed to satisfy constraint: Member must satisfy enum value set: [UNIFORM_SCALING]")]
    [InlineData(
        "PutRecords", """{"StreamName":"clicks","Records":[{"Data":""},null]}""",
        "Value null at 'records.1.member.partitionKey' failed to satisfy constraint: Member must not be null",
        "Value null at 'records.2.member' failed to satisfy constraint: Member must not be null")]
    [InlineData(
        "PutRecords", """{"StreamName":"clicks","Records":[]}""",
        "Value '[]' at 'records' failed to satisfy constraint: Member must have length greater than or equal to 1")]
    [InlineData(
        "RemoveTagsFromStream", """{"StreamName":"clicks","TagKeys":[]}""",
        "Value '[]' at 'tagKeys' failed to satisfy constraint: Member must have length greater than or equal to 1")]
    [InlineData(
        "RemoveTagsFromStream", """{"StreamName":"clicks","TagKeys":["a","",null]}""",
        "Value '[a, , null]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: " + Lengths)]
    [InlineData(
        "EnableEnhancedMonitoring", """{"StreamName":"clicks","ShardLevelMetrics":["ALL","Some"]}""",
        "Value '[ALL, Some]' at 'shardLevelMetrics' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: "
        + "[IncomingBytes, IncomingRecords, OutgoingBytes, OutgoingRecords, WriteProvisionedThroughputExceeded, ReadProvisionedThroughputExceeded, IteratorAgeMilliseconds, ALL]]")]
    [InlineData(
        "AddTagsToStream", """{"StreamName":"clicks","Tags":{}}""",
        "Value '{}' at 'tags' failed to satisfy constraint: Member must have length greater than or equal to 1")]
    [InlineData(
        "AddTagsToStream", """{"StreamName":"clicks","Tags":{"":"v","b":"w"}}""",
        "Value '{=v, b=w}' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: " + Lengths)]
    [InlineData(
        "SubscribeToShard", """{"ConsumerARN":"arn:aws:kinesis:us-east-1:000000000000:stream/s/consumer/c:1","ShardId":"0","StartingPosition":{}}""",
        "Value null at 'startingPosition.type' failed to satisfy constraint: Member must not be null")]
    public async Task Every_kind_of_constraint(string action, string body, params string[] errors)
    {
        string refused = await _server.RefusedAsync(KinesisServer.Request(action, body));

        Assert.StartsWith($"ValidationException: {errors.Length} validation error{(errors.Length > 1 ? "s" : "")} detected: ", refused, StringComparison.Ordinal);
        Assert.Equal(errors.Order(), Parts(refused).Order());     // their order is not defined
    }

    [Theory]
    [InlineData("k", 257, "Map value must satisfy constraint: [Member must have length less than or equal to 256, Member must have length greater than or equal to 0]")]
    [InlineData("k", 256, null)]
    public async Task Values_of_a_map_have_a_length(string key, int length, string? constraint)
    {
        string value = new('v', length);
        (_, string body) = await _server.SendAsync(KinesisServer.Request("AddTagsToStream", $$$"""{"StreamName":"none","Tags":{"{{{key}}}":"{{{value}}}"}}"""));

        Assert.Equal(
            constraint is not null,
            body.Contains($"1 validation error detected: Value '{{{key}={value}}}' at 'tags' failed to satisfy constraint: {constraint}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ten_errors_are_listed_at_most_and_counted_as_ten()
    {
        string records = string.Join(',', Enumerable.Repeat("""{"Data":""}""", 12));

        string refused = await _server.RefusedAsync(KinesisServer.Request("PutRecords", $$"""{"StreamName":"clicks","Records":[{{records}}]}"""));

        Assert.StartsWith("ValidationException: 10 validation errors detected: Value null at 'records.1.member.partitionKey'", refused, StringComparison.Ordinal);
        Assert.Equal(10, Parts(refused).Length);
    }

    private static string[] Parts(string refused) => refused.Split(" detected: ", 2)[1].Split("; ");
}
