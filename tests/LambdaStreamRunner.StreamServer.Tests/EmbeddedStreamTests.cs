using System.Buffers;
using System.Text;
using LambdaStreamRunner.Core.Streams;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.StreamServer.Tests;

public class EmbeddedStreamTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_767_225_600));

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_waiting_reader_is_woken_by_a_put()
    {
        EmbeddedStream stream = Streams().Create("clicks", 1);
        var reader = new ShardReader(stream.Records.Shards[0]);

        ValueTask<ShardRead> reading = stream.ReadAsync(reader, ShardPosition.Latest, 10, Stopping);
        Assert.False(reading.IsCompleted);
        PutResult put = stream.Put("key", "data"u8.ToArray());

        ShardRead read = await reading;
        Assert.Equal(put.SequenceNumber, read.Records.FirstSpan[0].SequenceNumber);
    }

    [Fact]
    public async Task No_wake_up_is_lost_between_many_producers_and_readers()
    {
        const int Producers = 4;
        const int RecordsEach = 5_000;
        EmbeddedStream stream = Streams().Create("clicks", 2);

        Task<int>[] reading = [.. stream.Records.Shards.Select(shard => Task.Run(() => ReadUntilStopAsync(stream, shard)))];
        Task[] putting = [.. Enumerable.Range(0, Producers).Select(p => Task.Run(() =>
        {
            for (int i = 0; i < RecordsEach; i++)
                stream.Put($"{p}-{i}", "x"u8.ToArray());
        }))];
        await Task.WhenAll(putting);
        foreach (Shard shard in stream.Records.Shards)
            stream.Put("stop", "stop"u8.ToArray(), shard.HashKeyRange.StartingHashKey);

        int[] counts = await Task.WhenAll(reading);
        Assert.Equal(Producers * RecordsEach, counts.Sum());
    }

    [Fact]
    public async Task A_reader_of_a_deleted_stream_is_told()
    {
        EmbeddedStreams streams = Streams();
        EmbeddedStream stream = streams.Create("clicks", 1);
        stream.Put("key", "data"u8.ToArray());
        var reader = new ShardReader(stream.Records.Shards[0]);
        ValueTask<ShardRead> reading = stream.ReadAsync(reader, ShardPosition.Latest, 10, Stopping);

        streams.Delete("clicks");

        KinesisException gone = await Assert.ThrowsAsync<KinesisException>(async () => await reading);
        Assert.Equal("Stream clicks under account 000000000000 not found.", gone.Message);
        Assert.Equal(0, streams.BytesUsed);
        Assert.Throws<KinesisException>(() => stream.Put("key", "data"u8.ToArray()));
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        EmbeddedStream stream = Streams().Create("clicks", 1);
        using var stop = new CancellationTokenSource();
        ValueTask<ShardRead> reading = stream.ReadAsync(new ShardReader(stream.Records.Shards[0]), ShardPosition.Latest, 10, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
    }

    [Fact]
    public void Puts_beyond_the_bound_are_refused_until_retention_has_freed_memory()
    {
        EmbeddedStreams streams = Streams(bytesMax: 10_000);
        EmbeddedStream full = streams.Create("full", 1);
        EmbeddedStream other = streams.Create("other", 1);
        full.Put("key", new byte[9_000]);

        KinesisException refused = Assert.Throws<KinesisException>(() => other.Put("key", new byte[1_000]));
        Assert.Equal("LimitExceededException", refused.Error);

        _time.Advance(TimeSpan.FromHours(24));
        other.Put("key", new byte[1_000]);
    }

    [Fact]
    public void Limits_of_a_record_hold_in_process_too()
    {
        EmbeddedStream stream = Streams().Create("clicks", 1);

        Assert.Throws<KinesisException>(() => stream.Put("", "x"u8.ToArray()));
        Assert.Throws<KinesisException>(() => stream.Put(new string('k', 257), "x"u8.ToArray()));
        Assert.Throws<KinesisException>(() => stream.Put("k", new byte[1024 * 1024]));
        stream.Put("k", new byte[(1024 * 1024) - 1]);
        stream.Put(new string('é', 256), ReadOnlyMemory<byte>.Empty);
    }

    [Fact]
    public void A_stream_is_found_by_name_and_by_arn()
    {
        EmbeddedStreams streams = Streams();
        EmbeddedStream stream = streams.Create("clicks", 1);

        Assert.Equal("arn:aws:kinesis:us-east-1:000000000000:stream/clicks", stream.Arn);
        Assert.Same(stream, streams.Get("clicks"));
        Assert.Same(stream, streams.Get(stream.Arn));
        Assert.Equal("ResourceInUseException", Assert.Throws<KinesisException>(() => streams.Create("clicks", 1)).Error);
    }

    private static async Task<int> ReadUntilStopAsync(EmbeddedStream stream, Shard shard)
    {
        var reader = new ShardReader(shard);
        ShardPosition position = ShardPosition.TrimHorizon;
        int count = 0;
        while (true)
        {
            ShardRead read = await stream.ReadAsync(reader, position, 100, Stopping);
            position = read.Next;
            foreach (StreamRecord record in read.Records.ToArray())
            {
                if (Encoding.UTF8.GetString(record.Data.Span) == "stop")
                    return count;
                count++;
            }
        }
    }

    private EmbeddedStreams Streams(long bytesMax = 1L << 30) => new(new EmbeddedStreamsOptions { BytesMax = bytesMax }, _time);
}
