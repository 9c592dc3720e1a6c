using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

/// <summary>Kinesis reference 6.4.</summary>
public class ListShardsTests
{
    [Fact]
    public async Task Pages_go_on_by_token()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        string arn = server.Streams.Create("clicks", 5).Arn;

        JsonElement first = await server.CallAsync("ListShards", new { StreamARN = arn, MaxResults = 3 });
        Assert.Equal([0, 1, 2], Indices(first));
        string token = first.GetProperty("NextToken").GetString()!;
        JsonElement last = await server.CallAsync("ListShards", new { NextToken = token });
        Assert.Equal([3, 4], Indices(last));
        Assert.False(last.TryGetProperty("NextToken", out _));

        server.Time.Advance(TimeSpan.FromSeconds(301));
        Assert.StartsWith("ExpiredNextTokenException", await server.RefusedAsync("ListShards", new { NextToken = token }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_does_not_work_on_a_later_stream_of_the_same_name()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 5);
        string token = (await server.CallAsync("ListShards", new { StreamName = "clicks", MaxResults = 3 })).GetProperty("NextToken").GetString()!;
        server.Streams.Delete("clicks");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        server.Streams.Create("clicks", 5);

        Assert.StartsWith("ResourceNotFoundException", await server.RefusedAsync("ListShards", new { NextToken = token }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_and_name_exclude_each_other()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        Assert.Equal("InvalidArgumentException: Either NextToken or StreamName should be provided.", await server.RefusedAsync("ListShards", new { }));
        Assert.Equal(
            "InvalidArgumentException: NextToken and StreamName cannot be provided together.",
            await server.RefusedAsync("ListShards", new { NextToken = "t", StreamName = "clicks" }));
        Assert.Equal(
            "InvalidArgumentException: NextToken and ExclusiveStartShardId cannot be provided together.",
            await server.RefusedAsync("ListShards", new { NextToken = "t", ExclusiveStartShardId = "shardId-000000000000" }));
        Assert.Equal(
            "InvalidArgumentException: NextToken and StreamCreationTimestamp cannot be provided together.",
            await server.RefusedAsync("ListShards", new { NextToken = "t", StreamCreationTimestamp = 1767225600 }));
        Assert.Equal("InvalidArgumentException: NextToken is invalid.", await server.RefusedAsync("ListShards", new { NextToken = "t" }));
    }

    [Fact]
    public async Task A_page_has_a_thousand_shards_at_most()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1001);

        JsonElement first = await server.CallAsync("ListShards", new { StreamName = "clicks", MaxResults = 10_000 });

        JsonElement second = await server.CallAsync("ListShards", new { NextToken = first.GetProperty("NextToken").GetString() });
        JsonElement last = await server.CallAsync("ListShards", new { StreamName = "clicks", ExclusiveStartShardId = "shardId-000000000997" });

        Assert.Equal(1000, Indices(first).Length);
        Assert.Equal([1000], Indices(second));
        Assert.Equal([998, 999, 1000], Indices(last));
    }

    [Theory]
    [InlineData("""{"Type":"AT_LATEST"}""", 3)]
    [InlineData("""{"Type":"AT_TRIM_HORIZON"}""", 3)]
    [InlineData("""{"Type":"FROM_TIMESTAMP","Timestamp":1767225600}""", 3)]
    [InlineData("""{"Type":"AFTER_SHARD_ID","ShardId":"shardId-000000000000"}""", 2)]
    public async Task Filters_select_shards(string filter, int count)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 3);

        (_, string body) = await server.SendAsync(KinesisServer.Request("ListShards", $$"""{"StreamName":"clicks","ShardFilter":{{filter}}}"""));

        Assert.Equal(count, Indices(JsonSerializer.Deserialize<JsonElement>(body)).Length);
    }

    [Theory]
    [InlineData("""{"Type":"AT_TIMESTAMP"}""")]
    [InlineData("""{"Type":"AFTER_SHARD_ID"}""")]
    public async Task A_filter_needs_its_member(string filter)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 3);

        string refused = await server.RefusedAsync(KinesisServer.Request("ListShards", $$"""{"StreamName":"clicks","ShardFilter":{{filter}}}"""));

        Assert.StartsWith("InvalidArgumentException: ShardFilter of type ", refused, StringComparison.Ordinal);
    }

    private static int[] Indices(JsonElement answer) =>
        [.. answer.GetProperty("Shards").EnumerateArray().Select(shard => int.Parse(shard.GetProperty("ShardId").GetString()![8..], System.Globalization.CultureInfo.InvariantCulture))];
}
