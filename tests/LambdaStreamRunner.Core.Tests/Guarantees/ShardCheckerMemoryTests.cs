using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using static LambdaStreamRunner.Core.Tests.Guarantees.CheckedHistory;

namespace LambdaStreamRunner.Core.Tests.Guarantees;

public class ShardCheckerMemoryTests
{
    [Fact]
    public void Keys_below_the_checkpoint_are_forgotten_so_that_a_long_run_is_watched_whole()
    {
        var checker = new ShardChecker(new ShardPromises { OpenKeysMax = 100 });

        for (ulong i = 1; i <= 10_000; i++)
        {
            Deliver(checker, Record($"key {i}", i), BatchOutcome.Succeeded.Instance);
            checker.CheckpointSaved(ShardPosition.After(Number(i)));
        }

        Assert.False(checker.IsSampling);
        Assert.Equal((10_000L, 0L, 0L), (checker.Settled, checker.DuplicateDeliveries, checker.ViolationCount));
    }

    [Fact]
    public void Past_the_bound_on_open_keys_a_sample_is_watched_and_stays_free_of_false_alarms()
    {
        var checker = new ShardChecker(new ShardPromises { OpenKeysMax = 100 });

        for (ulong i = 1; i <= 3_000; i++)
            Deliver(checker, Record($"key {i % 1_000}", i), BatchOutcome.Succeeded.Instance);

        Assert.True(checker.IsSampling);
        Assert.Equal((3_000L, 3_000L, 0L), (checker.Deliveries, checker.Settled, checker.ViolationCount));
    }

    [Fact]
    public void A_sample_still_finds_what_happens_to_every_key()
    {
        var checker = new ShardChecker(new ShardPromises { OpenKeysMax = 100 });
        for (ulong i = 1; i <= 1_000; i++)
            Deliver(checker, Record($"key {i}", i), BatchOutcome.Succeeded.Instance);

        for (ulong i = 1; i <= 1_000; i++)
            Deliver(checker, Record($"key {i}", i), BatchOutcome.Succeeded.Instance);

        Assert.InRange(checker.ViolationCount, 20, 100);
    }

    [Fact]
    public void A_batch_that_runs_while_its_keys_leave_the_sample_ends_quietly()
    {
        var checker = new ShardChecker(new ShardPromises { OpenKeysMax = 10 });
        StreamRecord[] running = [.. Enumerable.Range(1, 10).Select(i => Record($"running {i}", (ulong)i))];
        checker.DeliveryStarted(Id(-1), running);

        for (ulong i = 11; i <= 100; i++)
            Deliver(checker, Record($"key {i}", i), BatchOutcome.Succeeded.Instance);
        checker.DeliveryEnded(Id(-1), BatchOutcome.Succeeded.Instance);

        Assert.True(checker.IsSampling);
        Assert.Equal((100L, 0L), (checker.Settled, checker.ViolationCount));
    }

    [Fact]
    public void Steady_work_allocates_nothing_per_record()
    {
        var checker = new ShardChecker(new ShardPromises());
        StreamRecord[] batch = [.. Enumerable.Range(0, 100).Select(i => Record($"key {i % 7}", 1))];
        ulong next = RunBatches(checker, batch, from: 1, batches: 300);

        long before = GC.GetAllocatedBytesForCurrentThread();
        RunBatches(checker, batch, next, batches: 300);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 0, 3_000);      // 30,000 records: less than a tenth of a byte each
        Assert.Equal(0, checker.ViolationCount);
    }

    private static ulong RunBatches(ShardChecker checker, StreamRecord[] batch, ulong from, int batches)
    {
        byte[] key = "k"u8.ToArray();
        for (int i = 0; i < batches; i++)
        {
            for (int j = 0; j < batch.Length; j++)
                batch[j] = new StreamRecord(Number(from++), batch[j].KeyHash, 0, key, 0, 1, 0);
            checker.DeliveryStarted(Id(i), batch);
            checker.DeliveryEnded(Id(i), BatchOutcome.Succeeded.Instance);
            checker.CheckpointSaved(ShardPosition.At(Number(from)));
        }
        return from;
    }

    private static void Deliver(ShardChecker checker, StreamRecord record, BatchOutcome outcome)
    {
        checker.DeliveryStarted(Id(1), [record]);
        checker.DeliveryEnded(Id(1), outcome);
    }
}
