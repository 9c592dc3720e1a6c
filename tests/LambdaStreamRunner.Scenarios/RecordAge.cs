using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Scenarios;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html (MaximumRecordAgeInSeconds), and retention</summary>
public class RecordAge
{
    [Theory, BothLanePolicies]
    public void S_60_a_record_that_is_too_old_when_first_read_is_never_delivered(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Aging(policy, batchSize: 10, retries: 0)).Records(1, age: 80).Run();

        Assert.Empty(run.Calls);
        Assert.Equal(["RecordAgeExceeded [1] batchSize 1, count 1, no response"], run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_61_only_the_old_record_of_a_batch_is_discarded(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Aging(policy, batchSize: 10)).Records(1, age: 80).Records(5).Run();

        Assert.Equal("[2-6]", run.Invocations);
        Assert.Equal(["RecordAgeExceeded [1] batchSize 1, count 1, no response"], run.Discards);
        Assert.Equal("?", run.DiscardIds);
    }

    [Theory, BothLanePolicies]
    public void S_62_waiting_for_a_retry_ends_at_the_age_limit(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Aging(policy, batchSize: 10)).Records(1, age: 1).AlwaysThrows().Run();

        Assert.Equal("[1]✗×9", run.Invocations);
        Assert.Equal("0 0.2 0.6 1.4 3 6.2 12.6 25.4 51", run.Starts);
        Assert.Equal(["RecordAgeExceeded [1] batchSize 1, count 9, no response"], run.Discards);
        Assert.Equal("59", run.DiscardTimes);
    }

    [Theory, BothLanePolicies]
    public void S_63_the_retry_limit_may_come_first(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Aging(policy, batchSize: 10, retries: 2)).Records(1).AlwaysThrows().Run();

        Assert.Equal("0 0.2 0.6", run.Starts);
        Assert.Equal(["RetryAttemptsExhausted [1] batchSize 1, count 3, Unhandled"], run.Discards);
        Assert.Equal("0.6", run.DiscardTimes);
    }

    [Theory, BothLanePolicies]
    public void S_64_records_that_grow_too_old_between_retries_leave_the_batch(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Aging(policy, batchSize: 10)).Records(2, age: 59.9).Records(2).ThrowsOnCalls(1).Run();

        Assert.Equal("[1-4]✗ [3-4]", run.Invocations);
        Assert.Equal("0 0.2", run.Starts);
        Assert.Equal("A B", run.RequestIds);
        Assert.Equal(["RecordAgeExceeded [1-2] batchSize 2, count 1, no response"], run.Discards);
        Assert.Equal("A", run.DiscardIds);
    }

    [Theory, BothLanePolicies]
    public void S_65_records_that_leave_retention_vanish_without_a_failure_record(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { BatchSize = 10, LanePolicy = policy }).Records(10).AlwaysThrows().Run();

        Assert.Empty(run.Discards);
        Assert.Equal(10, run.Counters.RecordsExpired);
        Assert.Equal("10@86400", run.Checkpoints);
    }

    [Theory, BothLanePolicies]
    public void S_66_without_capacity_each_record_is_discarded_at_the_age_limit(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Aging(policy, batchSize: 1, retries: 0))
            .Records(1).Records(1, at: 1).Records(1, at: 2).IsThrottled().Run();

        Assert.Empty(run.Calls);
        Assert.Equal(Enumerable.Range(1, 3).Select(label => $"RecordAgeExceeded [{label}] batchSize 1, count 1, no response"), run.Discards);
        Assert.Equal("60 61 62", run.DiscardTimes);
    }

    [Theory, BothLanePolicies]
    public void S_112_what_is_left_after_the_old_records_has_a_quota_of_its_own(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Aging(policy, batchSize: 10, retries: 1))
            .Records(2, age: 59.9).Records(2, age: 9.9).AlwaysThrows().Run();

        Assert.Equal("[1-4]✗ [3-4]✗×2", run.Invocations);
        Assert.Equal("A B B", run.RequestIds);
        Assert.Equal(
            ["RecordAgeExceeded [1-2] batchSize 2, count 1, no response", "RetryAttemptsExhausted [3-4] batchSize 2, count 2, Unhandled"],
            run.Discards);
        Assert.Equal("0.2 0.4", run.DiscardTimes);
        Assert.Equal("A B", run.DiscardIds);
    }

    [Fact]
    public void S_113_healthy_records_behind_a_retry_can_grow_too_old()
    {
        // key-12 lies in the lower half of the hash space, key-13 in the upper one.
        ScenarioRun run = Scenario.Of(Aging(LanePolicy.HashLanes, batchSize: 4, retries: 1) with { ParallelizationFactor = 2, BisectBatchOnFunctionError = true })
            .Records(4, age: 59.5, key: "key-12").Records(4, age: 59.5, key: "key-13").Throws(2).Takes(0.1).Run();

        Assert.Equal("[1-4]✗ [1-2]✗ [1] [2]✗", run.InvocationsOfLane(0));
        Assert.Equal("0 0.1 0.2 0.3", run.StartsOfLane(0));
        Assert.Equal("[5-8]", run.InvocationsOfLane(1));
        Assert.Equal("0", run.StartsOfLane(1));
        Assert.Equal(
            ["RecordAgeExceeded [2] batchSize 1, count 1, no response", "RecordAgeExceeded [3-4] batchSize 2, count 1, no response"],
            run.Discards);
        Assert.Equal("0.5 0.5", run.DiscardTimes);
    }

    [Theory, BothLanePolicies]
    public void S_115_retention_takes_the_leading_records_out_of_a_batch_that_keeps_failing(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { BatchSize = 10, LanePolicy = policy })
            .Records(2, age: 3600).Records(1).AlwaysThrows().Run();

        Assert.StartsWith("[1-3]✗×", run.Invocations, StringComparison.Ordinal);
        Assert.Contains(" [3]✗×", run.Invocations, StringComparison.Ordinal);
        Assert.Equal(2, run.Calls.Select(call => call.RequestId).Distinct().Count());
        Assert.Empty(run.Discards);
        string[] checkpoints = run.Checkpoints.Split(' ');
        Assert.StartsWith("2@828", checkpoints[0], StringComparison.Ordinal);       // 23 h, and at most one back-off
        Assert.Equal("3@86400", checkpoints[1]);
        Assert.Equal(3, run.Counters.RecordsExpired);
    }

    [Theory, BothLanePolicies]
    public void S_116_records_are_not_checked_while_they_wait_for_the_window(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Aging(policy, batchSize: 10) with { MaximumBatchingWindow = TimeSpan.FromSeconds(120) })
            .Records(1, at: 1).Records(1, at: 100).Run();

        Assert.Equal("[2]", run.Invocations);
        Assert.Equal("120", run.Starts);
        Assert.Equal(["RecordAgeExceeded [1] batchSize 1, count 1, no response"], run.Discards);
        Assert.Equal("120", run.DiscardTimes);
    }

    [Theory, BothLanePolicies]
    public void A_batch_whose_last_record_is_its_oldest_is_not_retried_without_pause(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Aging(policy, batchSize: 10)).Records(1).Records(1, age: 59.9).AlwaysThrows().Run();

        Assert.Equal("[1-2]✗×9", run.Invocations);
        Assert.Equal("0 0.2 0.6 1.4 3 6.2 12.6 25.4 51", run.Starts);
        Assert.Equal(["RecordAgeExceeded [1-2] batchSize 2, count 9, no response"], run.Discards);
        Assert.Equal("60", run.DiscardTimes);
    }

    private static EventSourceMapping Aging(LanePolicy policy, int batchSize, int retries = EventSourceMapping.Unlimited) => new()
    {
        BatchSize = batchSize,
        MaximumRetryAttempts = retries,
        MaximumRecordAge = TimeSpan.FromSeconds(60),
        LanePolicy = policy,
    };
}
