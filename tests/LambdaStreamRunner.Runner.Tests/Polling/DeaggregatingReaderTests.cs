using System.Buffers;
using System.Globalization;
using System.Text;
using LambdaStreamRunner.Aggregation;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Polling;
using LambdaStreamRunner.StreamServer;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.Polling;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html: "Lambda de-aggregates" for consumers with enhanced fan-out.</summary>
public class DeaggregatingReaderTests
{
    private readonly EmbeddedStream _stream;
    private readonly EmbeddedShardReader _inner;
    private readonly DeaggregatingReader _reader;

    public DeaggregatingReaderTests()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _stream = new EmbeddedStreams(new EmbeddedStreamsOptions(), time, time).Create("clicks", 1);
        _inner = new EmbeddedShardReader(_stream, _stream.Records.Shards[0]);
        _reader = new DeaggregatingReader(_inner, HashKeyRange.Full);
    }

    [Fact]
    public async Task S_95_user_records_share_the_number_and_the_arrival_of_their_aggregate()
    {
        Put("plain");
        PutAggregate(("a", "1"), ("b", "2"), ("a", "3"));

        StreamRecord[] records = await ReadAsync(ShardPosition.TrimHorizon);

        Assert.Equal(["plain", "1", "2", "3"], records.Select(Text));
        Assert.Equal(["a", "b", "a"], records[1..].Select(record => record.PartitionKey));
        Assert.Equal(HashKeyRange.HashOf("b"u8), records[2].KeyHash);
        Assert.Single(records[1..].Select(record => (record.SequenceNumber.ToString(), record.ArrivalMilliseconds)).Distinct());
        Assert.True(records[1].SequenceNumber < records[2].SequenceNumber && records[2].SequenceNumber < records[3].SequenceNumber);
    }

    [Fact]
    public async Task S_96_a_user_record_whose_hash_key_lies_outside_the_shard_is_dropped()
    {
        UInt128 half = UInt128.MaxValue / 2;
        var reader = new DeaggregatingReader(_inner, new HashKeyRange(0, half));
        var aggregator = new RecordAggregator();
        aggregator.TryAdd("a", Encoding.UTF8.GetBytes("inside"), "0");
        aggregator.TryAdd("a", Encoding.UTF8.GetBytes("outside"), (half + 1).ToString(CultureInfo.InvariantCulture));
        Put(aggregator);

        Assert.Equal(["inside"], (await ReadAsync(ShardPosition.TrimHorizon, reader)).Select(Text));
    }

    [Fact]
    public async Task An_aggregate_of_which_nothing_belongs_here_is_passed_and_not_read_for_ever()
    {
        var reader = new DeaggregatingReader(_inner, new HashKeyRange(5, 5));
        PutAggregate(("a", "1"), ("b", "2"));

        Assert.Empty(await ReadAsync(ShardPosition.TrimHorizon, reader));
        Assert.Equal(0, reader.CountFrom(ShardPosition.TrimHorizon));

        Task<ShardReadResult> waits = reader.ReadAsync(new(ReadCursor.Main, ShardPosition.TrimHorizon, 10, WaitForRecords: true), TestContext.Current.CancellationToken).AsTask();
        Assert.False(waits.IsCompleted);
        Put("next");
        Assert.Equal(["next"], (await waits).Records.ToArray().Select(Text));
    }

    [Fact]
    public async Task Reading_goes_on_at_any_user_record_and_after_any()
    {
        PutAggregate(("a", "1"), ("b", "2"), ("c", "3"));
        Put("plain");
        StreamRecord[] all = await ReadAsync(ShardPosition.TrimHorizon);

        for (int i = 0; i < all.Length; i++)
        {
            Assert.Equal(all[i..].Select(Text), (await ReadAsync(ShardPosition.At(all[i].SequenceNumber))).Select(Text));
            Assert.Equal(all[(i + 1)..].Select(Text), (await ReadAsync(ShardPosition.After(all[i].SequenceNumber))).Select(Text));
        }
        Assert.Equal(0, _reader.CountFrom(ShardPosition.After(all[^1].SequenceNumber)));
        Assert.Equal(1, _reader.CountFrom(ShardPosition.After(all[2].SequenceNumber)));
    }

    [Fact]
    public async Task A_damaged_aggregate_goes_through_as_it_is()
    {
        byte[] damaged = Aggregate(("a", "1"), ("b", "2")).Data.ToArray();
        damaged[^1] ^= 1;
        _stream.Put("key", damaged);

        StreamRecord record = Assert.Single(await ReadAsync(ShardPosition.TrimHorizon));

        Assert.Equal(damaged, record.Data.ToArray());
        Assert.Equal(0u, record.SequenceNumber.SubSequenceNumber);
    }

    [Fact]
    public async Task An_aggregate_is_never_torn_by_the_limit()
    {
        PutAggregate(("a", "1"), ("b", "2"), ("c", "3"));
        Put("plain");

        ShardReadResult read = await _reader.ReadAsync(new(ReadCursor.Main, ShardPosition.TrimHorizon, 2, WaitForRecords: false), TestContext.Current.CancellationToken);

        Assert.Equal(["1", "2", "3"], read.Records.ToArray().Select(Text));
        Assert.False(read.IsEnd);
    }

    private async Task<StreamRecord[]> ReadAsync(ShardPosition from, DeaggregatingReader? reader = null) =>
        (await (reader ?? _reader).ReadAsync(new(ReadCursor.Main, from, 10_000, WaitForRecords: false), TestContext.Current.CancellationToken)).Records.ToArray();

    private void Put(string text) => _stream.Put("key", Encoding.UTF8.GetBytes(text));

    private void PutAggregate(params (string Key, string Text)[] users)
    {
        AggregatedBlob blob = Aggregate(users);
        _stream.Put(blob.PartitionKey, blob.Data);
    }

    private void Put(RecordAggregator aggregator)
    {
        AggregatedBlob blob = aggregator.Take()!;
        _stream.Put(blob.PartitionKey, blob.Data);
    }

    private static AggregatedBlob Aggregate(params (string Key, string Text)[] users)
    {
        var aggregator = new RecordAggregator();
        foreach ((string key, string text) in users)
            aggregator.TryAdd(key, Encoding.UTF8.GetBytes(text));
        return aggregator.Take()!;
    }

    private static string Text(StreamRecord record) => Encoding.UTF8.GetString(record.Data.Span);
}
