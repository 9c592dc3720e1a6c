namespace LambdaStreamRunner.StreamServer.Tests.Actions;

/// <summary>DryRun: everything is checked, nothing is done (Kinesis reference 2.2).</summary>
public class DryRunTests
{
    private const string WouldSucceed = "DryRunOperationException: The request would have succeeded, but DryRun is set.";

    [Fact]
    public async Task A_request_that_would_succeed_is_answered_with_an_error_of_its_own()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        stream.Change(settings => settings with { Consumers = [new StreamConsumer("fan", server.Time.GetUtcNow())] });
        string iterator = await server.IteratorAsync("clicks", "LATEST");

        Assert.Equal(WouldSucceed, await server.RefusedAsync("PutRecord", new { StreamName = "clicks", Data = "", PartitionKey = "k", DryRun = true }));
        Assert.Equal(WouldSucceed, await server.RefusedAsync("PutRecords", new { StreamName = "clicks", Records = new[] { new { Data = "", PartitionKey = "k" } }, DryRun = true }));
        Assert.Equal(WouldSucceed, await server.RefusedAsync("GetRecords", new { ShardIterator = iterator, DryRun = true }));
        Assert.Equal(WouldSucceed, await server.RefusedAsync("GetShardIterator", new { StreamName = "clicks", ShardId = "0", ShardIteratorType = "LATEST", DryRun = true }));
        Assert.Equal(WouldSucceed, await server.RefusedAsync(
            "SubscribeToShard",
            new { ConsumerARN = stream.Settings.Consumers[0].ArnOn(stream), ShardId = "shardId-000000000000", StartingPosition = new { Type = "LATEST" }, DryRun = true }));
        Assert.Equal(0, stream.Records.Shards[0].RecordCount);
    }

    [Fact]
    public async Task A_request_that_would_fail_fails_as_it_would()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        Assert.Equal(
            "ResourceNotFoundException: Stream none under account 000000000000 not found.",
            await server.RefusedAsync("PutRecord", new { StreamName = "none", Data = "", PartitionKey = "k", DryRun = true }));
    }

    [Fact]
    public async Task False_is_as_good_as_nothing()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);

        await server.CallAsync("PutRecord", new { StreamName = "clicks", Data = "", PartitionKey = "k", DryRun = false });

        Assert.Equal(1, stream.Records.Shards[0].RecordCount);
    }
}
