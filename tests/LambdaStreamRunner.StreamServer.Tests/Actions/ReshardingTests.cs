using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

/// <summary>SplitShard, MergeShards, UpdateShardCount, and what shows of them (Kinesis reference 6).</summary>
public class ReshardingTests
{
    private const string Half = "170141183460469231731687303715884105728";
    private const string Max = "340282366920938463463374607431768211455";

    [Fact]
    public async Task A_split_shard_is_closed_and_its_children_share_the_range()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);
        await server.CallAsync("SplitShard", new { StreamName = "clicks", ShardToSplit = "shardId-0", NewStartingHashKey = Half });

        JsonElement shards = (await server.CallAsync("ListShards", new { StreamName = "clicks" })).GetProperty("Shards");
        Assert.Equal(["0..shardId-000000000000", $"0..{Half[..^1]}7<shardId-000000000000", $"{Half}..{Max}<shardId-000000000000"], shards.EnumerateArray().Select(Describe));
        Assert.True(shards[0].GetProperty("SequenceNumberRange").TryGetProperty("EndingSequenceNumber", out _));
        Assert.Equal(2, (await server.CallAsync("DescribeStreamSummary", new { StreamName = "clicks" }))
            .GetProperty("StreamDescriptionSummary").GetProperty("OpenShardCount").GetInt32());
    }

    [Theory]
    [InlineData("1")]
    [InlineData(Max)]
    [InlineData("999999999999999999999999999999999999999")]
    public async Task A_hash_key_that_does_not_divide_the_shard_is_refused(string hashKey)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);
        Assert.Equal(
            $"InvalidArgumentException: NewStartingHashKey {hashKey} used in SplitShard() on shard shardId-000000000000 in stream clicks under account 000000000000 "
            + $"is not both greater than one plus the shard's StartingHashKey 0 and less than the shard's EndingHashKey {Max}.",
            await server.RefusedAsync("SplitShard", new { StreamName = "clicks", ShardToSplit = "shardId-000000000000", NewStartingHashKey = hashKey }));
        await server.CallAsync("SplitShard", new { StreamName = "clicks", ShardToSplit = "shardId-000000000000", NewStartingHashKey = "2" });
    }

    [Fact]
    public async Task A_shard_id_is_looked_at_before_the_stream_and_a_closed_shard_is_refused_last()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        Assert.Equal(
            "ResourceNotFoundException: Could not find shard ham in stream none under account 000000000000.",
            await Split("none", "ham"));
        Assert.Equal("ResourceNotFoundException: Stream none under account 000000000000 not found.", await Split("none", "shardId-0"));

        server.Streams.Create("clicks", 1);
        Assert.Equal(
            "ResourceNotFoundException: Could not find shard shardId-000000000005 in stream clicks under account 000000000000.",
            await Split("clicks", "5"));
        await server.CallAsync("SplitShard", new { StreamName = "clicks", ShardToSplit = "0", NewStartingHashKey = Half });
        Assert.Equal(
            "InvalidArgumentException: Shard shardId-000000000000 in stream clicks under account 000000000000 has already been merged or split, and thus is not eligible for merging or splitting.",
            await Split("clicks", "0"));

        Task<string> Split(string stream, string shard) =>
            server.RefusedAsync("SplitShard", new { StreamName = stream, ShardToSplit = shard, NewStartingHashKey = Half });
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public async Task Shards_that_are_no_neighbours_in_this_order_are_not_merged(int first, int second)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 3);
        Assert.Equal(
            $"InvalidArgumentException: Shards {ShardId.Format(first)} and {ShardId.Format(second)} in stream clicks under account 000000000000 are not an adjacent pair of shards eligible for merging",
            await server.RefusedAsync("MergeShards", new { StreamName = "clicks", ShardToMerge = ShardId.Format(first), AdjacentShardToMerge = ShardId.Format(second) }));
    }

    [Fact]
    public async Task A_merged_shard_names_both_parents_which_end_in_the_same_second_above_their_records_and_it_begins_in_the_next()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 2);
        server.Time.Advance(TimeSpan.FromSeconds(60));
        SequenceNumber last = stream.Put("k", "x"u8.ToArray(), 0).SequenceNumber;
        await server.CallAsync("MergeShards", new { StreamName = "clicks", ShardToMerge = "shardId-000000000000", AdjacentShardToMerge = "shardId-000000000001" });

        JsonElement[] shards = [.. (await server.CallAsync("ListShards", new { StreamName = "clicks" })).GetProperty("Shards").EnumerateArray()];

        Assert.Equal("shardId-000000000000", shards[2].GetProperty("ParentShardId").GetString());
        Assert.Equal("shardId-000000000001", shards[2].GetProperty("AdjacentParentShardId").GetString());
        Assert.Equal("49670424472742320233661159694712444358581954399147393026", NumberIn(shards[0], "EndingSequenceNumber").ToString());
        foreach (JsonElement parent in shards[..2])
        {
            SequenceNumber ending = NumberIn(parent, "EndingSequenceNumber");
            Assert.Equal(((ulong)long.MaxValue, 1_767_225_660, 1_767_225_600), (ending.Index, ending.RecordSeconds, ending.ShardCreatedSeconds));
        }
        SequenceNumber start = NumberIn(shards[2], "StartingSequenceNumber");
        Assert.Equal((0UL, 1_767_225_661), (start.Index, start.ShardCreatedSeconds));
        Assert.False(shards[2].GetProperty("SequenceNumberRange").TryGetProperty("EndingSequenceNumber", out _));
        Assert.True(last < NumberIn(shards[0], "EndingSequenceNumber"));
    }

    [Fact]
    public async Task Both_parents_of_a_merged_shard_end_with_it_as_their_child()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 2);
        stream.Put("k", "x"u8.ToArray(), 0);
        await server.CallAsync("MergeShards", new { StreamName = "clicks", ShardToMerge = "shardId-000000000000", AdjacentShardToMerge = "shardId-000000000001" });

        for (int parent = 0; parent < 2; parent++)
        {
            string iterator = (await server.CallAsync(
                "GetShardIterator", new { StreamName = "clicks", ShardId = ShardId.Format(parent), ShardIteratorType = "TRIM_HORIZON" })).GetProperty("ShardIterator").GetString()!;
            JsonElement answer = await server.CallAsync("GetRecords", new { ShardIterator = iterator });
            Assert.Equal(1 - parent, answer.GetProperty("Records").GetArrayLength());
            Assert.False(answer.TryGetProperty("NextShardIterator", out _));
            JsonElement child = Assert.Single(answer.GetProperty("ChildShards").EnumerateArray());
            Assert.Equal("shardId-000000000002", child.GetProperty("ShardId").GetString());
            Assert.Equal(["shardId-000000000000", "shardId-000000000001"], child.GetProperty("ParentShards").EnumerateArray().Select(id => id.GetString()));
            Assert.Equal(Max, child.GetProperty("HashKeyRange").GetProperty("EndingHashKey").GetString());
        }
    }

    [Fact]
    public async Task While_a_stream_is_UPDATING_records_go_to_the_parent_and_afterwards_to_a_child()
    {
        await using KinesisServer server = await KinesisServer.StartAsync(new EmbeddedStreamsOptions { UpdatingDelay = TimeSpan.FromSeconds(30) });
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        await server.CallAsync("SplitShard", new { StreamName = "clicks", ShardToSplit = "0", NewStartingHashKey = Half });

        Assert.Equal(StreamStatus.Updating, stream.Status);
        PutResult before = stream.Put("k", "x"u8.ToArray(), 0);
        Assert.Equal(
            "ResourceInUseException: Stream clicks under account 000000000000 not ACTIVE, instead in state UPDATING",
            await server.RefusedAsync("UpdateShardCount", new { StreamName = "clicks", TargetShardCount = 2, ScalingType = "UNIFORM_SCALING" }));

        server.Time.Advance(TimeSpan.FromSeconds(30));
        JsonElement description = (await server.CallAsync("DescribeStream", new { StreamName = "clicks" })).GetProperty("StreamDescription");
        Assert.Equal(("ACTIVE", 3), (description.GetProperty("StreamStatus").GetString(), description.GetProperty("Shards").GetArrayLength()));
        PutResult after = stream.Put("k", "x"u8.ToArray(), 0);
        Assert.Equal((0, 1), (before.Shard.Index, after.Shard.Index));
        Assert.True(after.SequenceNumber > before.SequenceNumber);
    }

    [Fact]
    public async Task UpdateShardCount_says_what_was_and_what_will_be()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 4);
        JsonElement answer = await server.CallAsync("UpdateShardCount", new { StreamName = "clicks", TargetShardCount = 3, ScalingType = "UNIFORM_SCALING" });
        Assert.Equal(
            """{"StreamName":"clicks","CurrentShardCount":4,"TargetShardCount":3,"StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/clicks"}""",
            answer.GetRawText());
        Assert.Equal([6, 9, 10], server.Streams.Get("clicks").Records.OpenShards.Select(shard => shard.Index));
    }

    [Theory]
    [InlineData(2, 4, 6)]
    [InlineData(4, 2, 6)]
    [InlineData(4, 5, 15)]
    [InlineData(4, 3, 11)]
    public async Task UpdateShardCount_leaves_as_many_shards_as_AWS_with_equal_ranges_and_a_whole_lineage_and_counts_the_open_ones(int from, int to, int total)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", from);
        await server.CallAsync("UpdateShardCount", new { StreamName = "clicks", TargetShardCount = to, ScalingType = "UNIFORM_SCALING" });

        JsonElement[] shards = [.. (await server.CallAsync("ListShards", new { StreamName = "clicks" })).GetProperty("Shards").EnumerateArray()];
        Assert.Equal(total, shards.Length);
        JsonElement[] open = [.. shards.Where(shard => !shard.GetProperty("SequenceNumberRange").TryGetProperty("EndingSequenceNumber", out _))];
        Assert.Equal(
            HashKeyRange.Split(to).Select(range => range.StartingHashKey),
            open.Select(shard => UInt128.Parse(shard.GetProperty("HashKeyRange").GetProperty("StartingHashKey").GetString()!)).Order());
        string?[] ids = [.. shards.Select(shard => shard.GetProperty("ShardId").GetString())];
        Assert.All(shards[from..], child => Assert.Contains(child.GetProperty("ParentShardId").GetString(), ids));

        JsonElement again = await server.CallAsync("UpdateShardCount", new { StreamName = "clicks", TargetShardCount = to, ScalingType = "UNIFORM_SCALING" });
        Assert.Equal(to, again.GetProperty("CurrentShardCount").GetInt32());
    }

    [Theory]
    [InlineData(1, 4, "UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 1 Target shard count: 4")]
    [InlineData(1, 3, "UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 1 Target shard count: 3")]
    [InlineData(5, 2, "UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: 5, Target shard count: 2")]
    [InlineData(2, 10_001, "Target shard count or number of open shards cannot be greater than 10000. Current open shard count: 2, Target shard count: 10001")]
    public async Task More_than_double_and_less_than_half_is_refused(int current, int target, string message)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", current);
        Assert.Equal(
            $"LimitExceededException: {message}",
            await server.RefusedAsync("UpdateShardCount", new { StreamName = "clicks", TargetShardCount = target, ScalingType = "UNIFORM_SCALING" }));
    }

    [Fact]
    public async Task ListShards_filters_by_the_time_in_which_a_shard_was_open()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);
        double created = Now();
        server.Time.Advance(TimeSpan.FromSeconds(100));
        await server.CallAsync("SplitShard", new { StreamName = "clicks", ShardToSplit = "0", NewStartingHashKey = Half });
        server.Time.Advance(TimeSpan.FromSeconds(100));

        Assert.Equal("1 2", await Listed(new { Type = "AT_LATEST" }));
        Assert.Equal("0", await Listed(new { Type = "AT_TRIM_HORIZON" }));
        Assert.Equal("0 1 2", await Listed(new { Type = "FROM_TRIM_HORIZON" }));
        Assert.Equal("0", await Listed(new { Type = "AT_TIMESTAMP", Timestamp = created + 50 }));
        Assert.Equal("1 2", await Listed(new { Type = "AT_TIMESTAMP", Timestamp = created + 150 }));
        Assert.Equal("0 1 2", await Listed(new { Type = "FROM_TIMESTAMP", Timestamp = created + 50 }));
        Assert.Equal("1 2", await Listed(new { Type = "FROM_TIMESTAMP", Timestamp = created + 150 }));
        Assert.Equal("1 2", await Listed(new { Type = "AFTER_SHARD_ID", ShardId = "shardId-000000000000" }));

        server.Time.Advance(TimeSpan.FromHours(24));
        Assert.Equal("1 2", await Listed(new { Type = "FROM_TRIM_HORIZON" }));
        Assert.Equal("1 2", await Listed(new { Type = "AT_LATEST" }));
        Assert.Equal("1 2", await Listed(new { Type = "AT_TRIM_HORIZON" }));
        Assert.Equal("1 2", await Listed(new { Type = "AT_TIMESTAMP", Timestamp = created + 50 }));
        Assert.Equal("1 2", await Listed(new { Type = "FROM_TIMESTAMP", Timestamp = created + 50 }));
        Assert.Equal("2", await Listed(new { Type = "AFTER_SHARD_ID", ShardId = "shardId-000000000001" }));

        double Now() => server.Time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

        async Task<string> Listed(object filter) => Indexes(await server.CallAsync("ListShards", new { StreamName = "clicks", ShardFilter = filter }));
    }

    [Fact]
    public async Task A_page_token_of_ListShards_keeps_the_filter()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 2);
        await server.CallAsync("UpdateShardCount", new { StreamName = "clicks", TargetShardCount = 4, ScalingType = "UNIFORM_SCALING" });

        JsonElement first = await server.CallAsync("ListShards", new { StreamName = "clicks", MaxResults = 3, ShardFilter = new { Type = "AT_LATEST" } });
        JsonElement second = await server.CallAsync("ListShards", new { NextToken = first.GetProperty("NextToken").GetString() });
        Assert.Equal(("2 3 4", "5"), (Indexes(first), Indexes(second)));
        Assert.False(second.TryGetProperty("NextToken", out _));
    }

    private static SequenceNumber NumberIn(JsonElement shard, string member) =>
        SequenceNumber.Parse(shard.GetProperty("SequenceNumberRange").GetProperty(member).GetString());

    private static string Indexes(JsonElement answer) =>
        string.Join(' ', answer.GetProperty("Shards").EnumerateArray().Select(shard => int.Parse(shard.GetProperty("ShardId").GetString()![8..])));

    private static string Describe(JsonElement shard)
    {
        if (!shard.TryGetProperty("ParentShardId", out JsonElement parent))
            return $"0..{shard.GetProperty("ShardId").GetString()}";
        JsonElement range = shard.GetProperty("HashKeyRange");
        return $"{range.GetProperty("StartingHashKey").GetString()}..{range.GetProperty("EndingHashKey").GetString()}<{parent.GetString()}";
    }
}
