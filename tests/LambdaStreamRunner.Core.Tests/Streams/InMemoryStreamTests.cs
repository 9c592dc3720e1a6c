using CsCheck;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Streams;

public class InMemoryStreamTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_767_225_600);

    [Fact]
    public void A_hash_key_goes_to_the_shard_whose_range_contains_it() =>
        Gen.Select(Gen.Int[1, 50], Gen.ULong, Gen.ULong).Sample((count, high, low) =>
        {
            var hashKey = new UInt128(high, low);
            return new InMemoryStream(count, Start).ShardFor(hashKey).HashKeyRange.Contains(hashKey);
        });

    [Fact]
    public void Both_ends_of_a_range_belong_to_its_shard()
    {
        var stream = new InMemoryStream(7, Start);

        Assert.All(stream.Shards, shard => Assert.Same(shard, stream.ShardFor(shard.HashKeyRange.StartingHashKey)));
        Assert.All(stream.Shards, shard => Assert.Same(shard, stream.ShardFor(shard.HashKeyRange.EndingHashKey)));
    }

    [Fact]
    public void Numbers_grow_from_the_first_put_in_the_creation_second_even_when_the_clock_steps_back()
    {
        Shard shard = new InMemoryStream(1, Start).Shards[0];
        SequenceNumber previous = shard.StartingSequenceNumber;

        foreach (int seconds in new[] { 0, 0, 5, -3600, 5, 6 })
        {
            SequenceNumber number = shard.Append("k"u8, [], 0, Start.AddSeconds(seconds));
            Assert.True(number > previous);
            Assert.Equal(56, number.ToString().Length);
            previous = number;
        }
        shard.Close(Start);
        Assert.True(shard.EndingSequenceNumber > previous);
        Assert.Throws<InvalidOperationException>(() => shard.Append("k"u8, [], 0, Start));
    }

    [Fact]
    public void Idle_shards_cost_almost_nothing()
    {
        const int Count = 10_000;
        long before = GC.GetAllocatedBytesForCurrentThread();
        var stream = new InMemoryStream(Count, Start);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated / Count, 1, 600);
        Assert.Equal(0, stream.RetainedBytes);
    }

    [Fact]
    public void Five_shards_share_an_index()
    {
        var stream = new InMemoryStream(6, Start);
        ulong[] indices = [.. new[] { 0, 4, 5, 0 }.Select(shard => stream.Shards[shard].Append("k"u8, [], 0, Start).Index)];

        Assert.Equal([1UL, 2UL, 1UL, 3UL], indices);
    }

    [Fact]
    public void A_record_keeps_what_was_put()
    {
        Shard shard = new InMemoryStream(1, Start).Shards[0];
        shard.Append("key"u8, "data"u8, 42, Start.AddMilliseconds(7));
        shard.Reserve(100);
        shard.Append("other"u8, [], 43, Start);

        StreamRecord record = new ShardReader(shard).Read(ShardPosition.TrimHorizon, 1, Start).Records.FirstSpan[0];
        Assert.Equal(("key", 42, 7), (record.PartitionKey, (int)record.KeyHash, (int)(record.Arrival - Start).TotalMilliseconds));
        Assert.Equal("data"u8, record.Data.Span);
    }

    /// <summary>A reader sees a prefix, whole and in order, while the shard is written and trimmed.</summary>
    [Fact]
    public async Task Readers_beside_a_writer_see_every_record_in_order()
    {
        const int Count = 200_000;
        Shard shard = new InMemoryStream(1, Start).Shards[0];
        Task<int>[] reading = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => ReadInOrder(shard, Count), TestContext.Current.CancellationToken))];
        for (int i = 0; i < Count; i++)
            shard.Append("k"u8, BitConverter.GetBytes(i), (UInt128)i, Start);

        int[] read = await Task.WhenAll(reading);
        Assert.Equal(new[] { Count, Count }, read);
    }

    [Theory]
    [InlineData("shardId-000000000005", 5)]
    [InlineData("shardId-5", 5)]
    [InlineData("foo-5", 5)]
    [InlineData("-00005", 5)]
    [InlineData("5", 5)]
    [InlineData("a-5-b", 5)]
    [InlineData("2147483647", 2147483647)]
    [InlineData("2147483648", null)]
    [InlineData("shardId-", null)]
    [InlineData("shardId-x", null)]
    [InlineData("2.14E4", null)]
    public void Shard_ids_are_read_as_tolerantly_as_in_kinesis(string text, int? index) =>
        Assert.Equal(index, ShardId.TryParse(text, out int parsed) ? parsed : null);

    private static int ReadInOrder(Shard shard, int count)
    {
        var reader = new ShardReader(shard);
        ShardPosition position = ShardPosition.TrimHorizon;
        int next = 0;
        while (next < count)
        {
            ShardRead read = reader.Read(position, 5_000, Start);
            position = read.Next;
            foreach (ReadOnlyMemory<StreamRecord> run in read.Records)
            {
                foreach (ref readonly StreamRecord record in run.Span)
                {
                    if (record.KeyHash != (UInt128)next || BitConverter.ToInt32(record.Data.Span) != next)
                        return -1;
                    next++;
                }
            }
        }
        return next;
    }
}
