using System.Text;
using CsCheck;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Streams;

/// <summary>Split, merge and UpdateShardCount (Kinesis reference 6).</summary>
public sealed class ReshardingTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_767_225_600);

    [Fact]
    public async Task Whoever_looks_while_a_shard_is_split_never_sees_one_child_without_the_other()
    {
        var stream = new InMemoryStream(1, Some.Time);
        UInt128 key = UInt128.MaxValue / 3 * 2;
        using var done = new CancellationTokenSource();
        Task<int> looking = Task.Run(() =>
        {
            int wrong = 0;
            while (!done.IsCancellationRequested)
            {
                HashKeyRange range = stream.ShardFor(key).HashKeyRange;
                wrong += range.StartingHashKey <= key && key <= range.EndingHashKey ? 0 : 1;
            }
            return wrong;
        });

        for (int i = 0; i < 2_000; i++)
        {
            Shard parent = stream.ShardFor(key);
            Shard right = stream.Split(parent, parent.HashKeyRange.StartingHashKey + ((key - parent.HashKeyRange.StartingHashKey) / 2) + 1, Some.Time).Right;
            stream.Merge(stream.Shards[right.Index - 1], right, Some.Time);
        }

        await done.CancelAsync();
        Assert.Equal(0, await looking);
    }

    [Fact]
    public void A_split_closes_the_parent_and_two_children_share_its_range()
    {
        var stream = new InMemoryStream(2, Start);
        Shard parent = stream.Shards[0];
        (Shard left, Shard right) = stream.Split(parent, 100, Start.AddSeconds(60));

        Assert.True(parent.IsClosed);
        Assert.Equal((2, 3), (left.Index, right.Index));
        Assert.Equal(new HashKeyRange(0, 99), left.HashKeyRange);
        Assert.Equal(new HashKeyRange(100, parent.HashKeyRange.EndingHashKey), right.HashKeyRange);
        Assert.All([left, right], child => Assert.Equal((parent, null), (child.Parent, child.AdjacentParent)));
        Assert.Equal([left, right, stream.Shards[1]], stream.OpenShards);
        Assert.Equal([left, right], stream.ChildrenOf(parent));
    }

    [Fact]
    public void The_parent_ends_above_its_records_and_children_begin_a_second_later_at_index_0()
    {
        var stream = new InMemoryStream(1, Start);
        Shard parent = stream.Shards[0];
        SequenceNumber last = parent.Append("k"u8, "x"u8, 0, Start.AddSeconds(59));
        (Shard left, _) = stream.Split(parent, 2, Start.AddSeconds(60));

        Assert.Equal("49670424472742320233661159694712444358581954399147393026", parent.EndingSequenceNumber.ToString());
        Assert.True(last < parent.EndingSequenceNumber);
        Assert.Equal(Start.ToUnixTimeSeconds() + 61, left.StartingSequenceNumber.ShardCreatedSeconds);
        Assert.Equal(0UL, left.StartingSequenceNumber.Index);
    }

    [Fact]
    public void A_record_put_at_the_moment_of_the_split_gets_a_number_above_its_shards_start_and_its_own_arrival()
    {
        var stream = new InMemoryStream(1, Start);
        (Shard left, _) = stream.Split(stream.Shards[0], 2, Start.AddSeconds(60));
        SequenceNumber number = left.Append("k"u8, "x"u8, 0, Start.AddSeconds(60));

        Assert.True(number > left.StartingSequenceNumber);
        Assert.Equal(left.StartingSequenceNumber.ShardCreatedSeconds, number.RecordSeconds);
        ShardRead read = new ShardReader(left).Read(ShardPosition.TrimHorizon, 10, Start.AddSeconds(60));
        Assert.Equal(Start.AddSeconds(60), read.Records.First.Span[0].Arrival);
    }

    [Fact]
    public void A_merge_closes_both_parents_in_the_same_second()
    {
        var stream = new InMemoryStream(2, Start);
        stream.Shards[1].Append("k"u8, "x"u8, 0, Start.AddSeconds(70));
        Shard child = stream.Merge(stream.Shards[0], stream.Shards[1], Start.AddSeconds(60));

        Assert.Equal(HashKeyRange.Full, child.HashKeyRange);
        Assert.Equal((stream.Shards[0], stream.Shards[1]), (child.Parent, child.AdjacentParent));
        Assert.Equal(stream.Shards[0].EndingSequenceNumber!.Value.RecordSeconds, stream.Shards[1].EndingSequenceNumber!.Value.RecordSeconds);
        Assert.All(stream.Shards.Take(2), parent => Assert.Equal([child], stream.ChildrenOf(parent)));
    }

    [Fact]
    public void Shards_that_are_no_neighbours_cannot_be_merged()
    {
        var stream = new InMemoryStream(3, Start);
        Assert.Throws<ArgumentException>(() => stream.Merge(stream.Shards[0], stream.Shards[2], Start));
        Assert.Throws<ArgumentException>(() => stream.Merge(stream.Shards[1], stream.Shards[0], Start));
    }

    [Fact]
    public void From_4_to_3_the_open_shards_are_those_seen_in_production()
    {
        var stream = new InMemoryStream(4, Start);
        stream.UpdateShardCount(3, Start.AddSeconds(60));
        Assert.Equal([6, 9, 10], stream.OpenShards.Select(shard => shard.Index));
        Assert.Equal(11, stream.Shards.Length);
    }

    [Theory]
    [InlineData(2, 4, 6)]
    [InlineData(4, 2, 6)]
    [InlineData(4, 5, 15)]
    [InlineData(3, 3, 3)]
    public void UpdateShardCount_makes_as_many_shards_as_AWS(int from, int to, int total)
    {
        var stream = new InMemoryStream(from, Start);
        stream.UpdateShardCount(to, Start.AddSeconds(60));
        Assert.Equal(total, stream.Shards.Length);
    }

    [Fact]
    public void Whatever_was_done_the_open_shards_cover_the_hash_space_once_and_the_lineage_is_whole() =>
        Gen.Int[1, 12].List[1, 5].Sample(counts =>
        {
            var stream = new InMemoryStream(counts[0], Start);
            DateTimeOffset now = Start;
            foreach (int count in counts.Skip(1))
            {
                now = now.AddSeconds(10);
                stream.UpdateShardCount(count, now);
                Assert.Equal(HashKeyRange.Split(count), stream.OpenShards.Select(shard => shard.HashKeyRange));
            }
            foreach (Shard closed in stream.Shards.Where(shard => shard.IsClosed))
            {
                Assert.NotEmpty(stream.ChildrenOf(closed));
                Assert.All(stream.ChildrenOf(closed), child => Assert.True(child.StartingSequenceNumber > closed.StartingSequenceNumber));
            }
        });

    [Fact]
    public void Numbers_of_a_key_only_grow_while_its_shard_is_split_and_merged()
    {
        var stream = new InMemoryStream(1, Start);
        byte[] key = Encoding.UTF8.GetBytes("key");
        UInt128 hash = HashKeyRange.HashOf(key);
        SequenceNumber last = default;
        int[] counts = [2, 4, 3, 2, 1, 2];
        for (int i = 0; i < counts.Length; i++)
        {
            SequenceNumber number = stream.ShardFor(hash).Append(key, "x"u8, hash, Start.AddMilliseconds(i));
            Assert.True(number > last);
            last = number;
            stream.UpdateShardCount(counts[i], Start.AddMilliseconds(i));
        }
    }

    [Fact]
    public void A_closed_shard_expires_when_its_last_possible_record_has()
    {
        var stream = new InMemoryStream(1, Start);
        Shard parent = stream.Shards[0];
        stream.Split(parent, 2, Start.AddSeconds(60));
        Assert.False(parent.IsExpired(Start.AddSeconds(59).AddHours(24)));
        Assert.True(parent.IsExpired(Start.AddSeconds(60).AddHours(24)));
        Assert.False(stream.Shards[1].IsExpired(Start.AddYears(1)));
    }
}
