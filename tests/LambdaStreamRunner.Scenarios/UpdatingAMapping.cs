using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Scenarios;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html</summary>
/// <remarks>An update lets the running invocations end and count, and starts anew from the checkpoint: open question Q25.</remarks>
public class UpdatingAMapping
{
    // One key for each of ten hash lanes of a full-range shard, in the order of the lanes; with two lanes five belong to each.
    private static readonly string[] KeyOfLane = ["key-12", "key-1", "key-7", "key-3", "key-10", "key-5", "key-4", "key-0", "key-37", "key-13"];

    [Theory, BothLanePolicies]
    public void S_73_from_ten_lanes_to_one_nothing_is_lost_and_every_key_stays_in_order(LanePolicy policy)
    {
        Scenario scenario = Scenario.Of(new() { ParallelizationFactor = 10, BatchSize = 3, LanePolicy = policy })
            .Records(200, keys: [.. KeyOfLane, "key-12", "key-12"]).Takes(0.1).ThrowsOnCalls(3, 7, 11);
        ScenarioRun before = scenario.RunUntil(0.35);
        before.Disable();
        ScenarioRun after = scenario.Resume(before, mapping => mapping with { ParallelizationFactor = 1 });
        after.Loop.RunUntilIdle();

        Assert.True(before.MaxConcurrency > 1);
        Assert.Equal(1, after.MaxConcurrency);
        Invocation[] succeeded = [.. before.Calls.Concat(after.Calls).Where(call => call.Outcome is BatchOutcome.Succeeded)];
        var firsts = succeeded.SelectMany(call => call.Records.ToArray()).DistinctBy(record => record.SequenceNumber).ToList();
        Assert.Equal(200, firsts.Count);
        Assert.All(firsts.GroupBy(record => record.KeyHash), key => Assert.Equal(key.Select(record => record.SequenceNumber).Order(), key.Select(record => record.SequenceNumber)));
        Assert.Equal(200, after.Checkpoint);
    }

    [Fact]
    public void S_110_attempts_are_counted_anew_and_what_the_other_lane_had_done_comes_again()
    {
        Scenario scenario = Scenario.Of(new() { ParallelizationFactor = 2, BatchSize = 10, MaximumRetryAttempts = 3 })
            .Records(20, keys: [KeyOfLane[0], KeyOfLane[9]]).Throws(3);
        ScenarioRun before = scenario.RunUntil(0.3);
        before.Disable();
        ScenarioRun after = scenario.Resume(before, mapping => mapping with { ParallelizationFactor = 1 });
        after.Loop.RunUntilIdle();

        Assert.Equal("[1,3,5,7,9,11,13,15,17,19]✗×2", before.InvocationsOfLane(0));
        Assert.Equal("[2,4,6,8,10,12,14,16,18,20]", before.InvocationsOfLane(1));
        Assert.Equal(0, before.Checkpoint);
        Assert.Equal("[1-10]✗×4 [11-20]", after.Invocations);
        Assert.Equal("RetryAttemptsExhausted [1-10] batchSize 10, count 4, Unhandled", Assert.Single(after.Discards));
        Assert.Equal(20, after.Checkpoint);
    }
}
