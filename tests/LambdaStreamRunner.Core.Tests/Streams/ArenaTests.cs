using System.Runtime.InteropServices;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Streams;

public class ArenaTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(1_000)]
    [InlineData(1_030)]
    [InlineData(100_000)]
    public void Records_share_chunks_whatever_their_size(int length)
    {
        Shard shard = new InMemoryStream(1, Some.Time).Shards[0];
        const int Records = 2_000;
        for (int i = 0; i < Records; i++)
            shard.Append("key"u8, new byte[length], 0, Some.Time);

        int chunks = ReadAll(shard).Select(ArrayOf).Distinct().Count();

        long bytes = (long)Records * (length + 3);
        Assert.InRange(chunks, 1, 24 + (bytes / Arena.ChunkMax * 4 / 3));
    }

    [Fact]
    public void The_first_record_of_a_shard_takes_little_more_than_itself()
    {
        Shard shard = new InMemoryStream(1, Some.Time).Shards[0];

        shard.Append("key"u8, new byte[50], 0, Some.Time);

        Assert.InRange(ArrayOf(ReadAll(shard).Single()).Length, 53, 1024);
    }

    [Fact]
    public void A_shard_whose_records_are_all_gone_holds_no_chunk()
    {
        Shard shard = new InMemoryStream(1, Some.Time).Shards[0];
        WeakReference chunk = Put(shard);

        shard.Evict(shard.WrittenCount);
        GC.Collect();

        Assert.False(chunk.IsAlive);
        shard.Append("key"u8, "more"u8, 0, Some.Time);

        static WeakReference Put(Shard shard)
        {
            shard.Append("key"u8, "data"u8, 0, Some.Time);
            return new WeakReference(ArrayOf(ReadAll(shard).Single()));
        }
    }

    [Fact]
    public void A_record_that_a_chunk_has_no_room_for_has_memory_of_its_own()
    {
        Shard shard = new InMemoryStream(1, Some.Time).Shards[0];

        shard.Append("key"u8, new byte[1_000_000], 0, Some.Time);
        shard.Append("key"u8, "small"u8, 0, Some.Time);

        List<StreamRecord> records = ReadAll(shard);
        Assert.Equal(1_000_003, ArrayOf(records[0]).Length);
        Assert.NotSame(ArrayOf(records[0]), ArrayOf(records[1]));
        Assert.Equal("small"u8.ToArray(), records[1].Data.ToArray());
    }

    private static List<StreamRecord> ReadAll(Shard shard)
    {
        var reader = new ShardReader(shard);
        List<StreamRecord> records = [];
        ShardPosition from = ShardPosition.TrimHorizon;
        while (true)
        {
            ShardRead read = reader.Read(from, ShardReader.RecordsMax, Some.Time);
            if (read.Records.IsEmpty)
                return records;
            foreach (ReadOnlyMemory<StreamRecord> run in read.Records)
                records.AddRange(run.Span);
            from = read.Next;
        }
    }

    private static byte[] ArrayOf(StreamRecord record) =>
        MemoryMarshal.TryGetArray(record.Data, out ArraySegment<byte> segment) ? segment.Array! : throw new InvalidOperationException();
}
