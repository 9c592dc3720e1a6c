using CsCheck;
using LambdaStreamRunner.Core.Streams;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.StreamServer.Tests.Storage;

/// <summary>Records that are no longer in memory are read from the disk, and nobody sees a difference.</summary>
public class OldRecordsTests
{
    private const int Records = 400;

    [Fact]
    public void Reads_from_disk_equal_reads_from_memory_at_any_place_and_limit()
    {
        using var stored = new StoredStreams(hotBytesMax: 8 << 10);
        FakeTimeProvider time = stored.Time;
        var memory = new EmbeddedStreams(new EmbeddedStreamsOptions(), time, time);
        EmbeddedStream twin = memory.Create(StoredStreams.Name, 1);
        EmbeddedStream stream = stored.Streams.Create(StoredStreams.Name, 1);
        Random random = new(7);
        for (int i = 0; i < Records; i++)
        {
            byte[] data = new byte[random.Next(3) == 0 ? 5000 : random.Next(50)];
            random.NextBytes(data);
            Assert.Equal(twin.Put($"{i % 5}", data).SequenceNumber, stream.Put($"{i % 5}", data).SequenceNumber);
            if (random.Next(4) == 0)
                time.Advance(TimeSpan.FromMilliseconds(random.Next(90_000)));
        }
        Assert.True(stored.Streams.BytesUsed < memory.BytesUsed / 2, $"{stored.Streams.BytesUsed} of {memory.BytesUsed} bytes are in memory.");
        StreamRecord[] all = [.. Enumerated(twin.Read(new ShardReader(twin.Records.Shards[0]), ShardPosition.TrimHorizon, Records))];
        Assert.Equal(Records, all.Length);

        Gen<ShardPosition> positions = Gen.OneOf(
            Gen.Const(ShardPosition.TrimHorizon),
            Gen.Int[0, Records - 1].Select(i => ShardPosition.At(all[i].SequenceNumber)),
            Gen.Int[0, Records - 1].Select(i => ShardPosition.After(all[i].SequenceNumber)),
            Gen.Int[0, Records - 1].Select(i => ShardPosition.At(all[i].SequenceNumber.Next())),
            Gen.Select(Gen.Int[0, Records - 1], Gen.Int[-1, 1]).Select((i, more) => ShardPosition.AtTimestamp(all[i].Arrival.AddMilliseconds(more))),
            Gen.ULong.Select(low => ShardPosition.After(new SequenceNumber(low, low, low))));
        Gen.Select(positions, Gen.Int[1, Records + 1]).Sample((from, limit) =>
        {
            ShardRead expected = twin.Read(new ShardReader(twin.Records.Shards[0]), from, limit);
            ShardRead actual = stream.Read(new ShardReader(stream.Records.Shards[0]), from, limit);
            Assert.Equal(Enumerated(expected).Select(Described), Enumerated(actual).Select(Described));
            if (!expected.Records.IsEmpty)
                Assert.Equal(expected.Next, actual.Next);
            Assert.Equal(expected.MillisBehindLatest, actual.MillisBehindLatest);
            Assert.Equal(twin.CountFrom(new ShardReader(twin.Records.Shards[0]), from), stream.CountFrom(new ShardReader(stream.Records.Shards[0]), from));
        });
    }

    [Fact]
    public void A_stream_may_be_larger_than_the_memory_that_records_may_take()
    {
        using var stored = new StoredStreams(options: new EmbeddedStreamsOptions { BytesMax = 16 << 20 });
        EmbeddedStream stream = stored.Streams.Create(StoredStreams.Name, 1);

        for (int i = 0; i < 200; i++)
            stream.Put("key", new byte[200_000]);

        Assert.InRange(stored.Streams.BytesUsed, 1, 16 << 20);
        Assert.Equal(200, stored.ReadAll().Length);
    }

    [Fact]
    public void Reading_old_records_does_not_push_new_ones_out_of_memory()
    {
        using var stored = new StoredStreams(hotBytesMax: 256 << 10);
        EmbeddedStream stream = stored.Streams.Create(StoredStreams.Name, 1);
        for (int i = 0; i < 200; i++)
            stream.Put("key", new byte[10_000]);
        long used = stored.Streams.BytesUsed;
        Assert.InRange(used, 1, 1 << 20);                    // a segment more than the bound

        Assert.Equal(200, stored.ReadAll().Length);

        Assert.Equal(used, stored.Streams.BytesUsed);
    }

    [Fact]
    public async Task What_is_past_retention_is_not_read_from_the_disk_and_its_space_comes_back()
    {
        using var stored = new StoredStreams(hotBytesMax: 64 << 10);
        EmbeddedStream stream = stored.Streams.Create(StoredStreams.Name, 1);
        for (int i = 0; i < 300; i++)
            stream.Put("old", new byte[100_000]);
        stored.Time.Advance(TimeSpan.FromHours(23));
        for (int i = 0; i < 20; i++)
            stream.Put("new", new byte[100_000]);
        stored.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(20, stored.ReadAll().Length);
        long before = BytesIn(stored.Folder);

        await stored.Streams.TrimStoredAsync();

        Assert.Equal(20, stored.ReadAll().Length);
        stored.Restart();
        Assert.Equal(20, stored.ReadAll().Length);
        Assert.Equal(320, stored.Stream.Records.Shards[0].RecordCount);
        Assert.True(BytesIn(stored.Folder) < before / 4, $"{before} bytes became {BytesIn(stored.Folder)}.");
    }

    [Fact]
    public async Task A_reader_that_waits_behind_trimmed_records_gets_the_next_one()
    {
        using var stored = new StoredStreams(hotBytesMax: 1);
        EmbeddedStream stream = stored.Streams.Create(StoredStreams.Name, 1);
        for (int i = 0; i < 10; i++)
            stream.Put("old", new byte[10_000]);
        stored.Time.Advance(TimeSpan.FromHours(25));
        await stored.Streams.TrimStoredAsync();
        stream.Change(settings => settings with { RetentionPeriodHours = 48 });  // brings nothing back

        ValueTask<ShardRead> reading = stream.ReadAsync(
            new ShardReader(stream.Records.Shards[0]), ShardPosition.TrimHorizon, 10, TestContext.Current.CancellationToken);
        Assert.False(reading.IsCompleted);
        SequenceNumber number = stream.Put("new", "x"u8.ToArray()).SequenceNumber;

        Assert.Equal(number, (await reading).Records.FirstSpan[0].SequenceNumber);
    }

    private static long BytesIn(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(LengthOf);

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;                                         // the engine has deleted it meanwhile
        }
    }

    private static IEnumerable<StreamRecord> Enumerated(ShardRead read)
    {
        foreach (ReadOnlyMemory<StreamRecord> part in read.Records)
        {
            for (int i = 0; i < part.Length; i++)
                yield return part.Span[i];
        }
    }

    private static string Described(StreamRecord record) =>
        $"{record} {record.KeyHash} {record.ArrivalMilliseconds} {record.EventLength} {Convert.ToHexString(record.Data.Span)}";
}
