using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

/// <summary>Where reading begins for numbers and times that no record has (Kinesis reference 3.4): KCL sends such.</summary>
public sealed class ReadingPositionsTests : IAsyncLifetime
{
    private KinesisServer _server = null!;
    private EmbeddedStream _stream = null!;
    private SequenceNumber _a;
    private SequenceNumber _b;

    /// <summary>"a" at second 0, "b" at second 10; now it is second 20.</summary>
    public async ValueTask InitializeAsync()
    {
        _server = await KinesisServer.StartAsync();
        _stream = _server.Streams.Create("clicks", 1);
        _a = _stream.Put("k", "a"u8.ToArray()).SequenceNumber;
        _server.Time.Advance(TimeSpan.FromSeconds(10));
        _b = _stream.Put("k", "b"u8.ToArray()).SequenceNumber;
        _server.Time.Advance(TimeSpan.FromSeconds(10));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task AT_begins_with_the_first_number_that_is_not_lower()
    {
        Assert.Equal("ab", await ReadAsync("AT_SEQUENCE_NUMBER", _stream.Records.Shards[0].StartingSequenceNumber));
        Assert.Equal("ab", await ReadAsync("AT_SEQUENCE_NUMBER", _a));
        Assert.Equal("b", await ReadAsync("AT_SEQUENCE_NUMBER", Between(_a)));
        Assert.Equal("b", await ReadAsync("AT_SEQUENCE_NUMBER", _b));
        Assert.Equal("", await ReadAsync("AT_SEQUENCE_NUMBER", Between(_b)));
    }

    [Fact]
    public async Task AFTER_begins_with_the_first_number_that_is_higher()
    {
        Assert.Equal("ab", await ReadAsync("AFTER_SEQUENCE_NUMBER", _stream.Records.Shards[0].StartingSequenceNumber));
        Assert.Equal("b", await ReadAsync("AFTER_SEQUENCE_NUMBER", _a));
        Assert.Equal("b", await ReadAsync("AFTER_SEQUENCE_NUMBER", Between(_a)));
        Assert.Equal("", await ReadAsync("AFTER_SEQUENCE_NUMBER", _b));
        Assert.Equal("", await ReadAsync("AFTER_SEQUENCE_NUMBER", Between(_b)));
    }

    [Fact]
    public async Task A_number_above_the_last_record_waits_for_what_comes()
    {
        string iterator = await _server.IteratorAsync("clicks", "AT_SEQUENCE_NUMBER", new { StartingSequenceNumber = Between(_b).ToString() });
        _stream.Put("k", "c"u8.ToArray());

        Assert.Equal("c", await ReadAsync(iterator));
    }

    [Fact]
    public async Task A_number_that_is_trimmed_begins_with_the_oldest_record()
    {
        _server.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(15));

        Assert.Equal("b", await ReadAsync("AT_SEQUENCE_NUMBER", _a));
        Assert.Equal("b", await ReadAsync("AFTER_SEQUENCE_NUMBER", _stream.Records.Shards[0].StartingSequenceNumber));
    }

    [Fact]
    public async Task The_end_of_a_closed_shard_is_a_number_to_read_from_too()
    {
        _stream.BeginReshard(new Reshard.Update(2));
        string ending = _stream.Records.Shards[0].EndingSequenceNumber.ToString()!;

        JsonElement end = await _server.CallAsync(
            "GetRecords", new { ShardIterator = await _server.IteratorAsync("clicks", "AT_SEQUENCE_NUMBER", new { StartingSequenceNumber = ending }) });

        Assert.Equal((0, 2), (end.GetProperty("Records").GetArrayLength(), end.GetProperty("ChildShards").GetArrayLength()));
    }

    [Theory]
    [InlineData(1, "ab")]
    [InlineData(1767225600, "ab")]
    [InlineData(1767225600.001, "b")]
    [InlineData(1767225610, "b")]
    public async Task AT_TIMESTAMP_begins_with_the_first_record_that_arrived_then_or_later(double timestamp, string texts) =>
        Assert.Equal(texts, await ReadAsync(await _server.IteratorAsync("clicks", "AT_TIMESTAMP", new { Timestamp = timestamp })));

    [Fact]
    public async Task AT_TIMESTAMP_behind_the_last_record_is_LATEST()
    {
        string iterator = await _server.IteratorAsync("clicks", "AT_TIMESTAMP", new { Timestamp = 1767225615 });
        Assert.Equal("", await ReadAsync(iterator));
        _stream.Put("k", "c"u8.ToArray());

        Assert.Equal("c", await ReadAsync(iterator));
    }

    [Fact]
    public async Task AT_TIMESTAMP_before_the_horizon_is_TRIM_HORIZON()
    {
        _server.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(15));

        Assert.Equal("b", await ReadAsync(await _server.IteratorAsync("clicks", "AT_TIMESTAMP", new { Timestamp = 1767225600 })));
        Assert.Equal("b", await ReadAsync(await _server.IteratorAsync("clicks", "TRIM_HORIZON")));
    }

    /// <summary>A number above a record's and below the next one's: the same index, five seconds later.</summary>
    private static SequenceNumber Between(SequenceNumber record) =>
        SequenceNumber.Create(record.ShardCreatedSeconds, record.ShardIndex, record.Index, record.RecordSeconds + 5);

    private async Task<string> ReadAsync(string type, SequenceNumber number) =>
        await ReadAsync(await _server.IteratorAsync("clicks", type, new { StartingSequenceNumber = number.ToString() }));

    private async Task<string> ReadAsync(string iterator) => string.Concat(
        (await _server.CallAsync("GetRecords", new { ShardIterator = iterator })).GetProperty("Records").EnumerateArray()
            .Select(record => Encoding.UTF8.GetString(record.GetProperty("Data").GetBytesFromBase64())));
}
