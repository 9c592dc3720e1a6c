using System.Text;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Host.Producing;

namespace LambdaStreamRunner.Host.Tests.Producing;

public class ShardMapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void A_key_goes_to_the_shard_that_owns_its_hash(int shardCount)
    {
        HashKeyRange[] ranges = HashKeyRange.Split(shardCount);
        ShardMap map = MapOf(ranges.Reverse())!;

        for (int i = 0; i < 200; i++)
        {
            UInt128 hash = HashKeyRange.HashOf(Encoding.UTF8.GetBytes($"key-{i}"));
            Assert.Equal(Assert.Single(ranges, range => range.Contains(hash)).StartingHashKey.ToString(), map.ShardOf($"key-{i}"));
        }
    }

    [Fact]
    public void Shards_with_a_gap_an_overlap_or_nothing_are_no_map()
    {
        HashKeyRange[] ranges = HashKeyRange.Split(3);

        Assert.Null(MapOf([]));
        Assert.Null(MapOf(ranges[..2]));
        Assert.Null(MapOf(ranges[1..]));
        Assert.Null(MapOf([ranges[0], ranges[2]]));
        Assert.Null(MapOf([.. ranges, ranges[1]]));
    }

    [Fact]
    public void Maps_of_the_same_shards_are_the_same()
    {
        Assert.True(MapOf(HashKeyRange.Split(3))!.IsSameAs(MapOf(HashKeyRange.Split(3).Reverse())!));
        Assert.False(MapOf(HashKeyRange.Split(3))!.IsSameAs(MapOf(HashKeyRange.Split(4))!));
    }

    private static ShardMap? MapOf(IEnumerable<HashKeyRange> ranges) =>
        ShardMap.Of(ranges.Select(range => new ShardMap.OpenShard(range.StartingHashKey.ToString(), range.StartingHashKey, range.EndingHashKey)));
}
