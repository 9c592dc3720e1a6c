using CsCheck;
using LambdaStreamRunner.Runner.Capturing;

namespace LambdaStreamRunner.Runner.Tests.Capturing;

public class CaptureMergeTests
{
    [Fact]
    public void A_record_waits_until_no_shard_can_bring_an_earlier_one()
    {
        var merge = new CaptureMerge();
        merge.Begin("a");
        merge.Begin("b");
        merge.Add("a", [At(5)]);

        Assert.False(merge.TryTake(out _));
        DateTimeOffset newest = merge.Newest;
        merge.FoundNothing("b", newest);

        Assert.True(merge.TryTake(out CapturedRecord record));
        Assert.Equal(At(5).Arrival, record.Arrival);
    }

    [Fact]
    public void A_shard_that_has_ended_holds_nothing_up()
    {
        var merge = new CaptureMerge();
        merge.Begin("a");
        merge.Begin("b");
        merge.Add("a", [At(5)]);
        merge.End("b");

        Assert.True(merge.TryTake(out _));
    }

    [Fact]
    public void Records_of_shards_that_are_read_in_any_rhythm_come_in_order_and_all_of_them() => Gen.Select(Gen.Int[1, 5], Gen.Int[1, 300], Gen.Int).Sample((shards, count, seed) =>
    {
        var random = new Random(seed);
        var merge = new CaptureMerge();
        var behind = Enumerable.Range(0, shards).Select(_ => new Queue<CapturedRecord>()).ToArray();
        List<DateTimeOffset> taken = [];
        for (int shard = 0; shard < shards; shard++)
            merge.Begin($"{shard}");
        for (int second = 0; second < count; second++)
        {
            behind[random.Next(shards)].Enqueue(At(second));              // arrives at its shard now, and is read later
            ReadSome(merge, behind, random);
            TakeAll(merge, taken);
        }
        for (int round = 0; round < 2 * count && taken.Count < count; round++)
        {
            ReadSome(merge, behind, random, all: true);
            TakeAll(merge, taken);
        }
        Assert.Equal(Enumerable.Range(0, count).Select(second => At(second).Arrival), taken);
    });

    private static void ReadSome(CaptureMerge merge, Queue<CapturedRecord>[] behind, Random random, bool all = false)
    {
        DateTimeOffset newest = merge.Newest;
        for (int shard = 0; shard < behind.Length; shard++)
        {
            if (!merge.Wants($"{shard}") || !(all || random.Next(2) == 0))
                continue;
            CapturedRecord[] page = [.. behind[shard].Take(random.Next(1, 4))];
            for (int i = 0; i < page.Length; i++)
                behind[shard].Dequeue();
            merge.Add($"{shard}", page);
            if (page.Length == 0)
                merge.FoundNothing($"{shard}", newest);
        }
    }

    private static void TakeAll(CaptureMerge merge, List<DateTimeOffset> taken)
    {
        while (merge.TryTake(out CapturedRecord record))
            taken.Add(record.Arrival);
    }

    private static CapturedRecord At(int second) => new(DateTimeOffset.UnixEpoch.AddSeconds(second), default, default, 1);
}
