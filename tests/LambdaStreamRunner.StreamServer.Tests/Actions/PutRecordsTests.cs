using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

public class PutRecordsTests
{
    [Fact]
    public async Task Results_come_in_the_order_of_the_request()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 2);

        JsonElement answer = await server.CallAsync("PutRecords", new
        {
            StreamName = "clicks",
            Records = new object[]
            {
                new { Data = "YQ==", PartitionKey = "partitionKey" },
                new { Data = "Yg==", PartitionKey = "a" },
                new { Data = "", PartitionKey = "é", ExplicitHashKey = "340282366920938463463374607431768211455" },
            },
        });

        Assert.Equal(0, answer.GetProperty("FailedRecordCount").GetInt32());
        JsonElement[] results = [.. answer.GetProperty("Records").EnumerateArray()];
        Assert.Equal(
            ["shardId-000000000001", "shardId-000000000000", "shardId-000000000001"],
            results.Select(result => result.GetProperty("ShardId").GetString()));
        Assert.All(results, result => Assert.Equal(2, result.EnumerateObject().Count()));
        Assert.True(SequenceNumber.Parse(results[0].GetProperty("SequenceNumber").GetString()) < SequenceNumber.Parse(results[2].GetProperty("SequenceNumber").GetString()));
    }

    [Fact]
    public async Task One_bad_record_refuses_all()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        object good = new { Data = "YQ==", PartitionKey = "a" };

        string hashKey = await server.RefusedAsync("PutRecords", new
        {
            StreamName = "clicks",
            Records = new[] { good, new { Data = "YQ==", PartitionKey = "a", ExplicitHashKey = "340282366920938463463374607431768211456" } },
        });
        string key = await server.RefusedAsync("PutRecords", new
        {
            StreamName = "clicks",
            Records = new[] { good, new { Data = "YQ==", PartitionKey = "" }, new { Data = "YQ==" } },
        });

        Assert.StartsWith("InvalidArgumentException: Invalid ExplicitHashKey.", hashKey, StringComparison.Ordinal);
        Assert.Equal(
            "ValidationException: 2 validation errors detected: "
            + "Value '' at 'records.2.member.partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1; "
            + "Value null at 'records.3.member.partitionKey' failed to satisfy constraint: Member must not be null",
            key);
        Assert.Equal(0, stream.Records.Shards[0].RecordCount);
    }

    [Fact]
    public async Task Counts_are_bounded()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        object[] records = [.. Enumerable.Repeat(new { Data = "", PartitionKey = "a" }, 501)];

        Assert.Equal(
            "ValidationException: 1 validation error detected: Value at 'records' failed to satisfy constraint: Member must have length less than or equal to 500",
            await server.RefusedAsync("PutRecords", new { StreamName = "clicks", Records = records }));
        Assert.Equal(
            "ValidationException: 1 validation error detected: Value '[]' at 'records' failed to satisfy constraint: Member must have length greater than or equal to 1",
            await server.RefusedAsync("PutRecords", new { StreamName = "clicks", Records = Array.Empty<object>() }));
        await server.CallAsync("PutRecords", new { StreamName = "clicks", Records = records[1..] });
        Assert.Equal(500, stream.Records.Shards[0].RecordCount);
    }

    [Fact]
    public async Task At_most_ten_errors_are_listed()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        object[] records = [.. Enumerable.Repeat(new { Data = "" }, 12)];

        string refused = await server.RefusedAsync("PutRecords", new { StreamName = "clicks", Records = records });

        Assert.StartsWith("ValidationException: 10 validation errors detected: ", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_mebibytes_are_accepted_and_one_byte_more_is_not()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        object[] records = [.. Enumerable.Repeat(new { Data = new byte[(1024 * 1024) - 1], PartitionKey = "k" }, 10)];

        await server.CallAsync("PutRecords", new { StreamName = "clicks", Records = records });
        Assert.Equal(10, stream.Records.Shards[0].RecordCount);
        Assert.Equal(
            "InvalidArgumentException: Records size exceeds 10 MB limit",
            await server.RefusedAsync("PutRecords", new { StreamName = "clicks", Records = records.Append(new { Data = "", PartitionKey = "k" }) }));
        Assert.Equal(10, stream.Records.Shards[0].RecordCount);
    }

    [Fact]
    public async Task A_body_beyond_its_limit_is_answered_413()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        HttpRequestMessage request = KinesisServer.Request("PutRecords", new string(' ', (14 * 1024 * 1024) + 1));

        Assert.Equal(System.Net.HttpStatusCode.RequestEntityTooLarge, (await server.SendAsync(request)).Status);
    }
}
