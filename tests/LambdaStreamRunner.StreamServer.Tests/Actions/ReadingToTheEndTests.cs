using System.Globalization;
using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

/// <summary>Closed shards as the KCL reads them: by the iterator and ChildShards alone (Kinesis reference 3.6).</summary>
public class ReadingToTheEndTests
{
    [Theory]
    [InlineData("LATEST", 0)]
    [InlineData("TRIM_HORIZON", 1)]
    public async Task A_closed_shard_ends_at_once_for_LATEST_and_after_its_data_for_TRIM_HORIZON(string type, int records)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        stream.Put("k", "x"u8.ToArray());
        await server.CallAsync("SplitShard", new { StreamName = "clicks", ShardToSplit = "shardId-000000000000", NewStartingHashKey = "9" });

        JsonElement answer = await server.CallAsync("GetRecords", new { ShardIterator = await server.IteratorAsync("clicks", type) });

        Assert.Equal(records, answer.GetProperty("Records").GetArrayLength());
        Assert.False(answer.TryGetProperty("NextShardIterator", out _));
        Assert.Equal(
            """
            [{"ShardId":"shardId-000000000001","ParentShards":["shardId-000000000000"],"HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"8"}},
            {"ShardId":"shardId-000000000002","ParentShards":["shardId-000000000000"],"HashKeyRange":{"StartingHashKey":"9","EndingHashKey":"340282366920938463463374607431768211455"}}]
            """.ReplaceLineEndings(""),
            answer.GetProperty("ChildShards").GetRawText());
    }

    [Fact]
    public async Task A_limit_that_leaves_records_of_a_closed_shard_does_not_end_it()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        stream.Put("k", "x"u8.ToArray());
        stream.Put("k", "y"u8.ToArray());
        stream.BeginReshard(new Reshard.Update(2));

        JsonElement first = await server.CallAsync("GetRecords", new { ShardIterator = await server.IteratorAsync("clicks", "TRIM_HORIZON"), Limit = 1 });

        Assert.True(IsValid(first) && first.TryGetProperty("NextShardIterator", out _));
    }

    /// <summary>
    /// The KCL's rules: lease the shards that were there at the horizon, read each to its end, and begin with a child when both
    /// of its parents have ended. An answer is valid when it has an iterator or else children, each with parents.
    /// </summary>
    [Fact]
    public async Task Through_split_merge_and_UpdateShardCount_every_record_is_found_once_and_every_parent_ends()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 2);
        int put = 0;
        foreach ((string action, object request) in new (string, object)[]
        {
            ("SplitShard", new { StreamName = "clicks", ShardToSplit = "shardId-000000000000", NewStartingHashKey = "85070591730234615865843651857942052864" }),
            ("MergeShards", new { StreamName = "clicks", ShardToMerge = "shardId-000000000003", AdjacentShardToMerge = "shardId-000000000001" }),
            ("UpdateShardCount", new { StreamName = "clicks", TargetShardCount = 3, ScalingType = "UNIFORM_SCALING" }),
            ("UpdateShardCount", new { StreamName = "clicks", TargetShardCount = 2, ScalingType = "UNIFORM_SCALING" }),
        })
        {
            PutSome();
            await server.CallAsync(action, request);
            server.Time.Advance(TimeSpan.FromSeconds(5));
        }
        PutSome();

        (List<int> found, int ended) = await ReadLineageAsync(server);

        Assert.Equal(Enumerable.Range(0, put), found.Order());
        Assert.All(found.GroupBy(number => number % 10), key => Assert.Equal(key.Order(), key));
        Assert.Equal(stream.Records.Shards.Count(shard => shard.IsClosed), ended);

        void PutSome()
        {
            for (int i = 0; i < 30; i++)
                stream.Put($"key {put % 10}", Encoding.UTF8.GetBytes($"{put++}"));
        }
    }

    private static async Task<(List<int> Found, int Ended)> ReadLineageAsync(KinesisServer server)
    {
        JsonElement atHorizon = await server.CallAsync("ListShards", new { StreamName = "clicks", ShardFilter = new { Type = "AT_TRIM_HORIZON" } });
        var waiting = new Queue<string>(atHorizon.GetProperty("Shards").EnumerateArray().Select(shard => shard.GetProperty("ShardId").GetString()!));
        HashSet<string> ended = [];
        HashSet<string> leased = [.. waiting];
        List<int> found = [];
        while (waiting.TryDequeue(out string? shard))
        {
            JsonElement last = await ReadShardAsync(server, shard, found);
            if (!last.TryGetProperty("ChildShards", out JsonElement children))
                continue;                                     // open, and read as far as it goes
            ended.Add(shard);
            foreach (JsonElement child in children.EnumerateArray())
            {
                bool parentsHaveEnded = child.GetProperty("ParentShards").EnumerateArray().All(parent => ended.Contains(parent.GetString()!));
                if (parentsHaveEnded && leased.Add(child.GetProperty("ShardId").GetString()!))
                    waiting.Enqueue(child.GetProperty("ShardId").GetString()!);
            }
        }
        Assert.Equal(server.Streams.Get("clicks").Records.Shards.Length, leased.Count);
        return (found, ended.Count);
    }

    private static async Task<JsonElement> ReadShardAsync(KinesisServer server, string shard, List<int> found)
    {
        string? iterator = (await server.CallAsync(
            "GetShardIterator", new { StreamName = "clicks", ShardId = shard, ShardIteratorType = "TRIM_HORIZON" })).GetProperty("ShardIterator").GetString();
        while (true)
        {
            JsonElement answer = await server.CallAsync("GetRecords", new { ShardIterator = iterator, Limit = 7 });
            Assert.True(IsValid(answer), answer.GetRawText());
            foreach (JsonElement record in answer.GetProperty("Records").EnumerateArray())
                found.Add(int.Parse(Encoding.UTF8.GetString(record.GetProperty("Data").GetBytesFromBase64()), CultureInfo.InvariantCulture));
            if (!answer.TryGetProperty("NextShardIterator", out JsonElement next) || answer.GetProperty("Records").GetArrayLength() == 0)
                return answer;
            iterator = next.GetString();
        }
    }

    private static bool IsValid(JsonElement answer) => answer.TryGetProperty("NextShardIterator", out _)
        ? !answer.TryGetProperty("ChildShards", out _)
        : answer.GetProperty("ChildShards") is { } children && children.GetArrayLength() > 0
            && children.EnumerateArray().All(child => child.GetProperty("ParentShards").GetArrayLength() > 0);
}
