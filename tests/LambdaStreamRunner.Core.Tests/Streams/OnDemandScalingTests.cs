using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Streams;

/// <summary>https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html</summary>
public class OnDemandScalingTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_767_225_600);

    private readonly InMemoryStream _stream = new(OnDemandScaling.ShardsMin, Start);
    private readonly OnDemandScaling _scaling = new();
    private DateTimeOffset _now = Start;

    [Fact]
    public void A_shard_that_takes_half_of_its_records_for_a_minute_is_split_and_no_other()
    {
        Observe();

        Assert.Equal([2], MinuteOf(shard => shard == 2 ? 30_000 : 29_999));
    }

    [Fact]
    public void So_is_one_that_takes_half_a_megabyte_a_second()
    {
        Observe();

        Assert.Equal([1], MinuteOf(shard => shard == 1 ? 300 : 299, bytes: 100_000));
    }

    [Fact]
    public void A_peak_of_seconds_is_not_a_minute()
    {
        Observe();
        Put(0, 29_000);
        _now += TimeSpan.FromSeconds(30);

        Assert.Empty(Observe());
        Assert.Empty(MinuteOf(_ => 0));
    }

    [Fact]
    public void What_was_put_before_the_first_look_belongs_to_no_minute()
    {
        Put(0, 100_000);

        Assert.Empty(Observe());
        Assert.Empty(MinuteOf(_ => 10));
    }

    [Fact]
    public void A_child_is_split_again_a_quarter_of_an_hour_later_so_that_more_than_a_doubling_throttles()
    {
        Observe();
        Assert.Equal([0, 1, 2, 3], MinuteOf(_ => 30_000));
        Split([0, 1, 2, 3]);
        Assert.Equal(8, _stream.OpenShardCount);
        Assert.Empty(MinuteOf(_ => 30_000));
        _now += TimeSpan.FromMinutes(13);
        Observe();

        Assert.Empty(MinuteOf(_ => 30_000));                  // a second is missing: children begin in the one after the split
        Assert.Equal(8, MinuteOf(_ => 30_000).Length);
    }

    [Fact]
    public void A_stream_can_take_double_the_peak_that_it_has_seen()
    {
        Observe();
        for (double recordsPerSecond = 1_500; recordsPerSecond < 10_000; recordsPerSecond *= 1.3)
        {
            int perShard = (int)(recordsPerSecond * 60 / _stream.OpenShardCount);
            Split(MinuteOf(_ => perShard));
            Assert.InRange(_stream.OpenShardCount * ShardThroughput.WriteRecordsPerSecond / recordsPerSecond, 2, 4);
            _now += OnDemandScaling.DoublingTime;
            Observe();
        }
        Assert.Equal(32, _stream.OpenShardCount);
    }

    [Fact]
    public void A_stream_never_shrinks_by_itself()
    {
        Observe();
        Split(MinuteOf(_ => 30_000));
        for (int day = 0; day < 60; day++)
        {
            _now += TimeSpan.FromDays(1);
            Assert.Empty(Observe());
        }
        Assert.Equal(8, _stream.OpenShardCount);
    }

    [Fact]
    public void The_load_makes_no_more_shards_than_the_quota_and_the_busiest_come_first()
    {
        var stream = new InMemoryStream(OnDemandScaling.ShardsMax - 1, Start);
        var scaling = new OnDemandScaling();
        scaling.ShardsToSplit(stream, roomForShards: 1000, Start);
        Put(stream.Shards[5], 40_000);
        Put(stream.Shards[9], 50_000);

        Assert.Equal([9], scaling.ShardsToSplit(stream, roomForShards: 1000, Start.AddMinutes(1)));
    }

    [Fact]
    public void Nor_than_the_account_has_room_for()
    {
        _scaling.ShardsToSplit(_stream, roomForShards: 0, _now);
        for (int shard = 0; shard < 4; shard++)
            Put(shard, 30_000);
        Assert.Empty(_scaling.ShardsToSplit(_stream, roomForShards: -3, _now += OnDemandScaling.Window));

        for (int shard = 0; shard < 4; shard++)
            Put(shard, 30_000);
        Assert.Equal([0, 1], _scaling.ShardsToSplit(_stream, roomForShards: 2, _now += OnDemandScaling.Window));
    }

    [Fact]
    public void Halves_are_as_SplitShard_would_make_them()
    {
        Split([0, 3]);

        Assert.Equal([4, 5, 1, 2, 6, 7], _stream.OpenShards.Select(shard => shard.Index));
        Assert.Equal(HashKeyRange.Split(8).Take(2), _stream.OpenShards.Take(2).Select(shard => shard.HashKeyRange));
        Assert.All(_stream.OpenShards.Take(2), child => Assert.Equal((_stream.Shards[0], null), (child.Parent, child.AdjacentParent)));
    }

    [Theory]
    [InlineData(null, 4)]
    [InlineData(0, 4)]
    [InlineData(5, 5)]
    [InlineData(10_240, 10_240)]
    public void A_stream_is_warmed_up_at_a_shard_for_each_MiB(int? warm, int shards) => Assert.Equal(shards, OnDemandScaling.ShardsFor(warm));

    private ImmutableArray<int> MinuteOf(Func<int, int> recordsOf, int bytes = 1)
    {
        foreach (Shard shard in _stream.OpenShards)
            Put(shard, recordsOf(shard.Index), bytes);
        _now += OnDemandScaling.Window;
        return Observe();
    }

    private ImmutableArray<int> Observe() => _scaling.ShardsToSplit(_stream, roomForShards: 10_000, _now);

    private void Split(IEnumerable<int> shards) => _stream.SplitEach(shards, _now);

    private void Put(int shard, int records) => Put(_stream.Shards[shard], records);

    private void Put(Shard shard, int records, int bytes = 1)
    {
        byte[] data = new byte[bytes];
        for (int i = 0; i < records; i++)
            shard.Append([], data, 0, _now);
        shard.Drop();                                         // the memory is not needed
    }
}
