using System.Globalization;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Scenarios;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html (concurrent batches per shard)</summary>
public class ParallelizationFactor
{
    private static readonly string[] HundredKeys = [.. Enumerable.Range(0, 100).Select(i => $"key-{i}")];

    // One key for each of ten hash lanes of a full-range shard, in the order of the lanes.
    private static readonly string[] KeyOfLane = ["key-12", "key-1", "key-7", "key-3", "key-10", "key-5", "key-4", "key-0", "key-37", "key-13"];

    [Theory, BothLanePolicies]
    public void S_67_a_single_key_never_runs_twice_at_once(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Parallel(policy, lanes: 10, batchSize: 10)).Records(100, key: "hot").Takes(0.1).Run();

        Assert.Equal(1, run.MaxConcurrency);
        Assert.Equal("[1-10] [11-20] [21-30] [31-40] [41-50] [51-60] [61-70] [71-80] [81-90] [91-100]", run.Invocations);
        Assert.Equal("1", run.End);
    }

    [Fact]
    public void S_68_hash_lanes_divide_a_hundred_keys_by_their_hashes()
    {
        ScenarioRun run = Scenario.Of(Parallel(LanePolicy.HashLanes, lanes: 10, batchSize: 10)).Records(1_000, keys: HundredKeys).Takes(0.1).Run();

        Assert.Equal([100, 60, 110, 80, 130, 60, 140, 130, 70, 120], Enumerable.Range(0, 10).Select(lane => run.CallsOfLane(lane).Sum(call => call.Records.Length)));
        Assert.Equal(10, run.MaxConcurrency);
        Assert.Equal("1.4", run.End);
        AssertKeysInOrderAndAlone(run);
    }

    [Fact]
    public void S_68_dynamic_keys_keep_every_lane_busy()
    {
        ScenarioRun run = Scenario.Of(Parallel(LanePolicy.DynamicKeys, lanes: 10, batchSize: 10)).Records(1_000, keys: HundredKeys).Takes(0.1).Run();

        Assert.Equal(10, run.MaxConcurrency);
        Assert.Equal("1", run.End);
        AssertKeysInOrderAndAlone(run);
    }

    [Theory, BothLanePolicies]
    public void S_69_concurrency_is_at_most_shards_times_lanes(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Parallel(policy, lanes: 10, batchSize: 1)).Shards(4).Records(4_000, keys: HundredKeys).Takes(0.1).Run();

        Assert.InRange(run.MaxConcurrency, 31, 40);
        AssertKeysInOrderAndAlone(run);
    }

    [Fact]
    public void S_70_a_hot_key_slows_down_only_the_keys_of_its_lane()
    {
        EventSourceMapping mapping = Parallel(LanePolicy.HashLanes, lanes: 10, batchSize: 10);
        ScenarioRun alone = Scenario.Of(mapping).Records(100, keys: HundredKeys).Takes(0.1).Run();
        ScenarioRun beside = Scenario.Of(mapping).Records(100, keys: HundredKeys).Records(900, key: "key-12").Takes(0.1).Run();

        for (int lane = 1; lane < 10; lane++)
            Assert.Equal(alone.InvocationsOfLane(lane) + alone.StartsOfLane(lane), beside.InvocationsOfLane(lane) + beside.StartsOfLane(lane));
        Assert.True(beside.CallsOfLane(0).Last().End > alone.CallsOfLane(0).Last().End);
    }

    [Fact]
    public void S_71_a_lane_that_is_stuck_does_not_stop_the_other()
    {
        ScenarioRun run = Scenario.Of(Parallel(LanePolicy.HashLanes, lanes: 2, batchSize: 10))
            .Records(1, key: "key-12").Records(50_000, keys: ["key-12", "key-13"]).Throws(1).RunUntil(100);

        Assert.StartsWith("[1-2,4,6,8,10,12,14,16,18]✗×", run.InvocationsOfLane(0), StringComparison.Ordinal);
        Assert.DoesNotContain(' ', run.InvocationsOfLane(0));
        Assert.Equal(25_000, run.CallsOfLane(1).Sum(call => call.Records.Length));
        Assert.Equal("0", run.StartsOfLane(1).Split(' ')[^1]);
        Assert.Equal(0, run.Checkpoint);
        Assert.InRange(run.HeldRecords, 1, 10_000);
    }

    [Fact]
    public void S_72_bisection_stays_inside_its_lane()
    {
        ScenarioRun run = Scenario.Of(Parallel(LanePolicy.HashLanes, lanes: 2, batchSize: 10) with { BisectBatchOnFunctionError = true, MaximumRetryAttempts = 0 })
            .Records(10, key: "key-12").Records(20, key: "key-13").Throws(4).Takes(0.1).Run();

        Assert.Equal("[1-10]✗ [1-5]✗ [1-2] [3-5]✗ [3] [4-5]✗ [4]✗ [5] [6-10]", run.InvocationsOfLane(0));
        Assert.Equal("[11-20] [21-30]", run.InvocationsOfLane(1));
        Assert.Equal("0 0.1", run.StartsOfLane(1));
    }

    [Theory, BothLanePolicies]
    public void S_74_later_records_of_a_key_wait_for_the_discard_of_its_earlier_ones(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Parallel(policy, lanes: 10, batchSize: 10) with { MaximumRetryAttempts = 1 })
            .Records(2, key: "key-12").Records(2, at: 0.1, keys: ["key-12", "key-13"]).Records(1, at: 0.15, key: "key-12").Throws(1).Run();

        Assert.Equal("[1-2]✗×2 [3,5]", Notation.Invocations(run.Calls.Where(call => call.Records[0].PartitionKey == "key-12")));
        Assert.Equal("0.2", run.DiscardTimes);
        Assert.Equal("0.1", Notation.Seconds(run.Calls.Single(call => call.Records[0].PartitionKey == "key-13").Time));
    }

    [Theory, BothLanePolicies]
    public void S_107_ten_keys_in_ten_lanes(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Parallel(policy, lanes: 10, batchSize: 1)).Records(30, keys: KeyOfLane).Takes(0.1).Run();

        Assert.Equal(10, run.MaxConcurrency);
        Assert.Equal("0.3", run.End);
        AssertKeysInOrderAndAlone(run);
    }

    [Theory, BothLanePolicies]
    public void S_107_a_record_that_throws_for_ever_holds_back_its_key_alone(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Parallel(policy, lanes: 10, batchSize: 1)).Records(30, keys: KeyOfLane).Throws(1).Takes(0.1).RunUntil(300);

        Invocation[] done = [.. run.Calls.Where(call => call.Outcome is BatchOutcome.Succeeded)];
        Assert.Equal(27, done.Length);
        Assert.Equal("0.3", Notation.Seconds(done.Max(call => call.End!.Value)));
        Assert.DoesNotContain(done, call => call.Records[0].PartitionKey == "key-12");
        Assert.Equal(0, run.Checkpoint);
    }

    [Theory, BothLanePolicies]
    public void Every_lane_has_a_window_of_its_own(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Parallel(policy, lanes: 2, batchSize: 10) with { MaximumBatchingWindow = TimeSpan.FromSeconds(5) })
            .Records(1, at: 1, key: "key-12").Records(1, at: 6, key: "key-13").Run();

        // At t = 5 the window of the idle lane is over as well: the second record need not wait.
        Assert.Equal("5 6", run.Starts);
    }

    [Fact]
    public void The_checkpoint_passes_records_that_left_retention_before_they_could_be_read_again()
    {
        // Lane 0 holds the first ten, 10 MiB, through a call that ends after their retention; by then the others are gone from the stream.
        ScenarioRun run = Scenario.Of(Parallel(LanePolicy.HashLanes, lanes: 2, batchSize: 100))
            .Records(20, bytes: 1024 * 1024, key: "key-12").AlwaysThrows().Takes(3600).Run();

        Assert.Equal(10, run.Counters.RecordsExpired);
        Assert.Equal(20, run.Checkpoint);
    }

    [Theory, BothLanePolicies]
    public void A_lane_that_was_stuck_catches_up_in_order_while_memory_stays_at_its_bound(LanePolicy policy)
    {
        // The sixth failure, after 12.6 s of back-off, gives record 1 up; what its lane has missed by then is read again.
        ScenarioRun run = Scenario.Of(Parallel(policy, lanes: 10, batchSize: 10) with { MaximumRetryAttempts = 5, BisectBatchOnFunctionError = true })
            .Records(100_000, keys: HundredKeys).Throws(1).Takes(0.01).Begin();
        int held = 0;
        for (int second = 1; second <= 12; second++)
        {
            run.RunUntil(second);
            held = Math.Max(held, run.HeldRecords);
        }
        int deliveredMeanwhile = run.Calls.Sum(call => call.Records.Length);
        run.Loop.RunUntilIdle();

        Assert.InRange(held, 1, 20_000);
        Assert.InRange(deliveredMeanwhile, 50_000, 100_000);
        Assert.Equal(["RetryAttemptsExhausted [1] batchSize 1, count 6, Unhandled"], run.Discards);
        Assert.Equal(99_999, run.Calls.Where(call => call.Outcome is BatchOutcome.Succeeded).Sum(call => call.Records.Length));
        Assert.Equal(100_000, run.Checkpoint);
        AssertKeysInOrderAndAlone(run);
    }

    private static EventSourceMapping Parallel(LanePolicy policy, int lanes, int batchSize) =>
        new() { BatchSize = batchSize, ParallelizationFactor = lanes, LanePolicy = policy };

    private static void AssertKeysInOrderAndAlone(ScenarioRun run)
    {
        foreach (var calls in run.Calls
            .Where(call => call.Outcome is BatchOutcome.Succeeded)
            .SelectMany(call => call.Records.ToArray().Select(record => (Label: Notation.Label(record), Key: record.PartitionKey, call.Started, call.Time, call.End)))
            .GroupBy(delivery => delivery.Key))
        {
            foreach (var (before, after) in calls.Zip(calls.Skip(1)))
            {
                Assert.True(before.Label < after.Label, string.Create(CultureInfo.InvariantCulture, $"{calls.Key}: {before.Label} before {after.Label}"));
                Assert.True(ReferenceEquals(before.Started, after.Started) || before.End <= after.Time, $"{calls.Key} runs twice at once.");
            }
        }
    }
}
