using System.Text;
using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

/// <summary>Kinesis reference 3.4 to 3.6.</summary>
public class GetRecordsTests
{
    [Fact]
    public async Task A_record_comes_back_as_it_was_put()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        server.Time.Advance(TimeSpan.FromMilliseconds(1120));
        byte[] all = [.. Enumerable.Range(0, 256).Select(b => (byte)b)];
        PutResult put = stream.Put("é\"\\\n\u0001", all);
        stream.Put("empty", ReadOnlyMemory<byte>.Empty);

        JsonElement answer = await server.CallAsync("GetRecords", new { ShardIterator = await server.IteratorAsync("clicks", "TRIM_HORIZON") });

        JsonElement record = answer.GetProperty("Records")[0];
        Assert.Equal(
            $$"""{"SequenceNumber":"{{put.SequenceNumber}}","ApproximateArrivalTimestamp":1767225601.12,"Data":"{{Convert.ToBase64String(all)}}","PartitionKey":"é\"\\\n\u0001"}""",
            record.GetRawText());
        Assert.Equal("", answer.GetProperty("Records")[1].GetProperty("Data").GetString());
        Assert.Equal(0, answer.GetProperty("MillisBehindLatest").GetInt64());
        Assert.False(answer.TryGetProperty("ChildShards", out _));
    }

    [Fact]
    public async Task The_five_types_begin_where_they_say()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        stream.Put("k", "a"u8.ToArray());
        server.Time.Advance(TimeSpan.FromSeconds(10));
        string second = stream.Put("k", "b"u8.ToArray()).SequenceNumber.ToString();
        string latest = await server.IteratorAsync("clicks", "LATEST");
        stream.Put("k", "c"u8.ToArray());

        Assert.Equal("abc", await ReadAsync(server, await server.IteratorAsync("clicks", "TRIM_HORIZON")));
        Assert.Equal("c", await ReadAsync(server, latest));
        Assert.Equal("bc", await ReadAsync(server, await server.IteratorAsync("clicks", "AT_SEQUENCE_NUMBER", new { StartingSequenceNumber = second })));
        Assert.Equal("c", await ReadAsync(server, await server.IteratorAsync("clicks", "AFTER_SEQUENCE_NUMBER", new { StartingSequenceNumber = second })));
        Assert.Equal("bc", await ReadAsync(server, await server.IteratorAsync("clicks", "AT_TIMESTAMP", new { Timestamp = 1767225609.5 })));
        Assert.Equal("abc", await ReadAsync(server, await server.IteratorAsync("clicks", "AT_TIMESTAMP", new { Timestamp = 1 })));
    }

    [Fact]
    public async Task Reading_on_follows_the_next_iterator_and_tells_how_far_behind()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        for (int i = 0; i < 5; i++)
            stream.Put("k", Encoding.UTF8.GetBytes($"{i}"));
        server.Time.Advance(TimeSpan.FromSeconds(3));

        JsonElement first = await server.CallAsync("GetRecords", new { ShardIterator = await server.IteratorAsync("clicks", "TRIM_HORIZON"), Limit = 2 });
        JsonElement rest = await server.CallAsync("GetRecords", new { ShardIterator = Next(first) });
        JsonElement none = await server.CallAsync("GetRecords", new { ShardIterator = Next(rest) });
        stream.Put("k", "new"u8.ToArray());

        Assert.Equal(("01", 3000), (Texts(first), first.GetProperty("MillisBehindLatest").GetInt64()));
        Assert.Equal(("234", 0), (Texts(rest), rest.GetProperty("MillisBehindLatest").GetInt64()));
        Assert.Equal("", Texts(none));
        Assert.NotEqual(Next(rest), Next(none));
        Assert.Equal("new", await ReadAsync(server, Next(none)));
        Assert.Equal("new", await ReadAsync(server, Next(none)));
    }

    [Fact]
    public async Task Every_call_gives_another_iterator_also_for_the_same_place()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1).Put("k", "x"u8.ToArray());
        string iterator = await server.IteratorAsync("clicks", "TRIM_HORIZON");

        JsonElement first = await server.CallAsync("GetRecords", new { ShardIterator = iterator });
        JsonElement again = await server.CallAsync("GetRecords", new { ShardIterator = iterator });

        Assert.Equal((Texts(first), "x"), (Texts(again), Texts(again)));
        Assert.Equal(3, new[] { iterator, Next(first), Next(again) }.Distinct().Count());
    }

    [Fact]
    public async Task An_answer_has_ten_mebibytes_at_most_and_a_record_may_have_one()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        byte[] mebibyte = new byte[(1 << 20) - 1];
        new Random(1).NextBytes(mebibyte);
        for (int i = 0; i < 11; i++)
            stream.Put("k", mebibyte);
        server.Time.Advance(TimeSpan.FromSeconds(2));

        JsonElement first = await server.CallAsync("GetRecords", new { ShardIterator = await server.IteratorAsync("clicks", "TRIM_HORIZON") });
        JsonElement rest = await server.CallAsync("GetRecords", new { ShardIterator = Next(first) });

        Assert.Equal((10, 2000), (first.GetProperty("Records").GetArrayLength(), first.GetProperty("MillisBehindLatest").GetInt64()));
        Assert.Equal((1, 0), (rest.GetProperty("Records").GetArrayLength(), rest.GetProperty("MillisBehindLatest").GetInt64()));
        Assert.Equal(mebibyte, rest.GetProperty("Records")[0].GetProperty("Data").GetBytesFromBase64());
    }

    [Fact]
    public async Task A_quoted_iterator_is_accepted()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1).Put("k", "x"u8.ToArray());

        Assert.Equal("x", await ReadAsync(server, $"\"{await server.IteratorAsync("clicks", "TRIM_HORIZON")}\""));
    }

    [Fact]
    public async Task An_iterator_expires_after_five_minutes()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);
        string iterator = await server.IteratorAsync("clicks", "TRIM_HORIZON");

        server.Time.Advance(TimeSpan.FromMinutes(5));
        await server.CallAsync("GetRecords", new { ShardIterator = iterator });
        server.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(
            "ExpiredIteratorException: Iterator expired. The iterator was created at time Thu Jan 01 00:00:00 UTC 2026 while right now it is "
            + "Thu Jan 01 00:05:01 UTC 2026 which is further in the future than the tolerated delay of 300000 milliseconds.",
            await server.RefusedAsync("GetRecords", new { ShardIterator = iterator }));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("AAAA")]
    [InlineData("\"\"")]
    [InlineData("é")]
    public async Task What_is_no_iterator_of_ours_is_invalid(string iterator)
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        Assert.Equal("InvalidArgumentException: Invalid ShardIterator.", await server.RefusedAsync("GetRecords", new { ShardIterator = iterator }));
    }

    [Fact]
    public async Task A_changed_iterator_is_invalid()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);
        byte[] token = Convert.FromBase64String(await server.IteratorAsync("clicks", "TRIM_HORIZON"));
        token[30] ^= 1;

        Assert.Equal("InvalidArgumentException: Invalid ShardIterator.", await server.RefusedAsync("GetRecords", new { ShardIterator = Convert.ToBase64String(token) }));
    }

    [Fact]
    public async Task An_iterator_dies_with_its_stream()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);
        string iterator = await server.IteratorAsync("clicks", "TRIM_HORIZON");
        const string Gone = "ResourceNotFoundException: Shard shardId-000000000000 in stream clicks under account 000000000000 does not exist";

        server.Streams.Delete("clicks");
        Assert.Equal(Gone, await server.RefusedAsync("GetRecords", new { ShardIterator = iterator }));
        server.Time.Advance(TimeSpan.FromSeconds(1));
        server.Streams.Create("clicks", 1);
        Assert.Equal(Gone, await server.RefusedAsync("GetRecords", new { ShardIterator = iterator }));
    }

    [Fact]
    public async Task The_limit_is_validated()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();

        Assert.Equal(
            "ValidationException: 1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
            await server.RefusedAsync("GetRecords", new { ShardIterator = "x", Limit = 10_001 }));
        Assert.Equal(
            "SerializationException: class java.lang.String can not be converted to an Integer",
            await server.RefusedAsync("GetRecords", new { ShardIterator = "x", Limit = "1" }));
    }

    [Fact]
    public async Task At_the_end_of_a_closed_shard_there_is_no_next_iterator_but_children()
    {
        await using KinesisServer server = await KinesisServer.StartAsync();
        EmbeddedStream stream = server.Streams.Create("clicks", 1);
        stream.Put("k", "x"u8.ToArray());
        string iterator = await server.IteratorAsync("clicks", "TRIM_HORIZON");
        stream.Records.Shards[0].Close(server.Time.GetUtcNow());

        JsonElement answer = await server.CallAsync("GetRecords", new { ShardIterator = iterator });

        Assert.Equal("x", Texts(answer));
        Assert.False(answer.TryGetProperty("NextShardIterator", out _));
        Assert.Equal(0, answer.GetProperty("ChildShards").GetArrayLength());
    }

    private static async Task<string> ReadAsync(KinesisServer server, string iterator) =>
        Texts(await server.CallAsync("GetRecords", new { ShardIterator = iterator }));

    private static string Next(JsonElement answer) => answer.GetProperty("NextShardIterator").GetString()!;

    private static string Texts(JsonElement answer) =>
        string.Concat(answer.GetProperty("Records").EnumerateArray().Select(record => Encoding.UTF8.GetString(record.GetProperty("Data").GetBytesFromBase64())));
}
