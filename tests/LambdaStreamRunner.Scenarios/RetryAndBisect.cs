using LambdaStreamRunner.Core.Mappings;
using static LambdaStreamRunner.Core.Mappings.FunctionResponseType;

namespace LambdaStreamRunner.Scenarios;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html (retries, BisectBatchOnFunctionError)</summary>
public class RetryAndBisect
{
    [Theory, BothLanePolicies]
    public void S_28_a_batch_that_keeps_failing_is_retried_and_then_discarded_whole(LanePolicy policy)
    {
        foreach ((int retries, string expected) in new[] { (0, "[1-10]✗ [11-20]"), (1, "[1-10]✗×2 [11-20]"), (2, "[1-10]✗×3 [11-20]") })
        {
            ScenarioRun run = Scenario.Of(new() { BatchSize = 10, MaximumRetryAttempts = retries, LanePolicy = policy })
                .Records(20).Throws(5).Run();

            Assert.Equal(expected, run.Invocations);
            Assert.Equal([$"RetryAttemptsExhausted [1-10] batchSize 10, count {retries + 1}, Unhandled"], run.Discards);
        }
    }

    [Theory, BothLanePolicies]
    public void S_29_a_retry_of_the_identical_batch_keeps_its_request_id(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { BatchSize = 10, MaximumRetryAttempts = 2, LanePolicy = policy })
            .Records(10).ThrowsOnCalls(1).Run();

        Assert.Equal("[1-10]✗ [1-10]", run.Invocations);
        Assert.Equal("A A", run.RequestIds);
        Assert.Equal("0 0.2", run.Starts);
        Assert.Empty(run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_30_throttles_spend_no_retry(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { BatchSize = 10, MaximumRetryAttempts = 0, LanePolicy = policy })
            .Records(10).ThrottlesTries(1, 2, 3, 4, 5).Run();

        Assert.Equal("[1-10]", run.Invocations);
        Assert.Equal("6.2", run.Starts);
        Assert.Equal(5, run.Throttles);
        Assert.Empty(run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_32_without_limits_a_failing_batch_blocks_its_lane_and_the_back_off_grows_to_its_cap(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { BatchSize = 10, LanePolicy = policy }).Records(20).AlwaysThrows().RunUntil(300);

        Assert.Equal("[1-10]✗×13", run.Invocations);
        Assert.Equal("0 0.2 0.6 1.4 3 6.2 12.6 25.4 51 102.2 162.2 222.2 282.2", run.Starts);
        Assert.Equal(0, run.Checkpoint);
        Assert.Empty(run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_33_a_timeout_is_a_function_error(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { BatchSize = 10, MaximumRetryAttempts = 1, LanePolicy = policy })
            .Records(10).AlwaysThrows().Takes(3).Run();

        Assert.Equal("[1-10]✗×2", run.Invocations);
        Assert.Equal("0 3.2", run.Starts);
        Assert.Equal("6.2", run.DiscardTimes);
        Assert.Equal(["RetryAttemptsExhausted [1-10] batchSize 10, count 2, Unhandled"], run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_34_a_record_that_comes_during_the_back_off_does_not_join_the_retried_batch(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { BatchSize = 10, LanePolicy = policy })
            .Records(3).Records(1, at: 0.1).ThrowsOnCalls(1).Run();

        Assert.Equal("[1-3]✗ [1-3] [4]", run.Invocations);
        Assert.Equal("0 0.2 0.2", run.Starts);
    }

    [Theory]
    [InlineData(1, "[1-10]✗ [1-5]✗ [1-2]✗ [1]✗ [2] [3-5] [6-10]", "7/8/9")]
    [InlineData(2, "[1-10]✗ [1-5]✗ [1-2]✗ [1] [2]✗ [3-5] [6-10]", "7/8/9")]
    [InlineData(3, "[1-10]✗ [1-5]✗ [1-2] [3-5]✗ [3]✗ [4-5] [6-10]", "7/8/9")]
    [InlineData(4, "[1-10]✗ [1-5]✗ [1-2] [3-5]✗ [3] [4-5]✗ [4]✗ [5] [6-10]", "9/10/11")]
    [InlineData(5, "[1-10]✗ [1-5]✗ [1-2] [3-5]✗ [3] [4-5]✗ [4] [5]✗ [6-10]", "9/10/11")]
    [InlineData(6, "[1-10]✗ [1-5] [6-10]✗ [6-7]✗ [6]✗ [7] [8-10]", "7/8/9")]
    [InlineData(7, "[1-10]✗ [1-5] [6-10]✗ [6-7]✗ [6] [7]✗ [8-10]", "7/8/9")]
    [InlineData(8, "[1-10]✗ [1-5] [6-10]✗ [6-7] [8-10]✗ [8]✗ [9-10]", "7/8/9")]
    [InlineData(9, "[1-10]✗ [1-5] [6-10]✗ [6-7] [8-10]✗ [8] [9-10]✗ [9]✗ [10]", "9/10/11")]
    [InlineData(10, "[1-10]✗ [1-5] [6-10]✗ [6-7] [8-10]✗ [8] [9-10]✗ [9] [10]✗", "9/10/11")]
    public void S_45_bisect_isolates_a_record_that_throws(int poison, string invocations, string counts) =>
        AssertIsolates(poison, invocations, counts, scenario => scenario.Throws(poison), "Unhandled", []);

    [Theory]
    [InlineData(1, "[1-10]✗ [1-5]✗ [1-2]✗ [1]✗ [2] [3-5] [6-10]", "7/8/9")]
    [InlineData(2, "[1-10]✗ [2-10]✗ [2-5]✗ [2-3]✗ [2]✗ [3] [4-5] [6-10]", "8/9/10")]
    [InlineData(3, "[1-10]✗ [3-10]✗ [3-6]✗ [3-4]✗ [3]✗ [4] [5-6] [7-10]", "8/9/10")]
    [InlineData(4, "[1-10]✗ [4-10]✗ [4-6]✗ [4]✗ [5-6] [7-10]", "6/7/8")]
    [InlineData(5, "[1-10]✗ [5-10]✗ [5-7]✗ [5]✗ [6-7] [8-10]", "6/7/8")]
    [InlineData(6, "[1-10]✗ [6-10]✗ [6-7]✗ [6]✗ [7] [8-10]", "6/7/8")]
    [InlineData(7, "[1-10]✗ [7-10]✗ [7-8]✗ [7]✗ [8] [9-10]", "6/7/8")]
    [InlineData(8, "[1-10]✗ [8-10]✗ [8]✗ [9-10]", "4/5/6")]
    [InlineData(9, "[1-10]✗ [9-10]✗ [9]✗ [10]", "4/5/6")]
    [InlineData(10, "[1-10]✗ [10]✗", "2/3/4")]
    public void S_46_bisect_with_partial_responses_cuts_at_the_reported_record_first(int poison, string invocations, string counts) =>
        AssertIsolates(poison, invocations, counts, scenario => scenario.Reports(poison), "functionError null", [ReportBatchItemFailures]);

    [Theory, BothLanePolicies]
    public void S_47_the_capture_of_AWS_with_both_options(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Both(policy, batchSize: 4, retries: 1)).Records(4).Reports(2).Run();

        Assert.Equal("[1-4]✗ [2-4]✗ [2]✗×2 [3-4]", run.Invocations);
        Assert.Equal("A B C C D", run.RequestIds);
        Assert.Equal("0 0 0 0.2 0.2", run.Starts);
        Assert.Equal(["RetryAttemptsExhausted [2] batchSize 1, count 2, functionError null"], run.Discards);
        Assert.Equal("C", run.DiscardIds);
    }

    [Theory, BothLanePolicies]
    public void S_48_the_left_half_of_three_is_one(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Bisecting(policy, batchSize: 3, retries: 0)).Records(3).Throws(2).Run();

        Assert.Equal("[1-3]✗ [1] [2-3]✗ [2]✗ [3]", run.Invocations);
    }

    [Theory, BothLanePolicies]
    public void S_49_the_left_half_of_five_is_two(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Bisecting(policy, batchSize: 5, retries: 0)).Records(5).Throws(5).Run();

        Assert.Equal("[1-5]✗ [1-2] [3-5]✗ [3] [4-5]✗ [4] [5]✗", run.Invocations);
    }

    [Theory, BothLanePolicies]
    public void S_50_two_records_that_throw_are_isolated_one_after_the_other(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Bisecting(policy, batchSize: 10, retries: 1)).Records(10).Throws(3, 8).Run();

        Assert.Equal("[1-10]✗ [1-5]✗ [1-2] [3-5]✗ [3]✗×2 [4-5] [6-10]✗ [6-7] [8-10]✗ [8]✗×2 [9-10]", run.Invocations);
        Assert.Equal(13, run.Calls.Count);
        Assert.Equal(2, run.Discards.Length);
    }

    [Theory, BothLanePolicies]
    public void S_51_two_records_that_are_reported_are_isolated_one_after_the_other(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Both(policy, batchSize: 10, retries: 1)).Records(10).Reports(3, 8).Run();

        Assert.Equal("[1-10]✗ [3-10]✗ [3-6]✗ [3-4]✗ [3]✗×2 [4] [5-6] [7-10]✗ [8-10]✗ [8]✗×2 [9-10]", run.Invocations);
        Assert.Equal(13, run.Calls.Count);
        Assert.Equal(2, run.Discards.Length);
    }

    [Theory, BothLanePolicies]
    public void S_52_when_all_ten_fail_each_is_discarded_by_itself_in_order(LanePolicy policy)
    {
        foreach ((int retries, int calls) in new[] { (0, 19), (1, 29), (2, 39) })
        {
            ScenarioRun run = Scenario.Of(Bisecting(policy, batchSize: 10, retries)).Records(10).AlwaysThrows().Run();

            Assert.Equal(calls, run.Calls.Count);
            Assert.Equal(
                Enumerable.Range(1, 10).Select(label => $"RetryAttemptsExhausted [{label}] batchSize 1, count {retries + 1}, Unhandled"),
                run.Discards);
        }
    }

    [Theory, BothLanePolicies]
    public void S_53_no_retries_do_not_prevent_splitting(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Bisecting(policy, batchSize: 10, retries: 0)).Records(10).ThrowsOnCalls(1).Run();

        Assert.Equal("[1-10]✗ [1-5] [6-10]", run.Invocations);
        Assert.Empty(run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_54_a_batch_of_one_is_retried_and_discarded(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Bisecting(policy, batchSize: 1, retries: 2)).Records(1).Throws(1).Run();

        Assert.Equal("[1]✗×3", run.Invocations);
        Assert.Equal(["RetryAttemptsExhausted [1] batchSize 1, count 3, Unhandled"], run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_55_a_throttle_between_two_attempts_is_none(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Bisecting(policy, batchSize: 1, retries: 1)).Records(1).Throws(1).ThrottlesTries(2).Run();

        Assert.Equal("[1]✗×2", run.Invocations);
        Assert.Equal("0 0.6", run.Starts);
        Assert.Equal(["RetryAttemptsExhausted [1] batchSize 1, count 2, Unhandled"], run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_56_a_function_that_throws_is_bisected_also_when_it_could_report(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Both(policy, batchSize: 10, retries: 0)).Records(10).Throws(4).Run();

        Assert.Equal("[1-10]✗ [1-5]✗ [1-2] [3-5]✗ [3] [4-5]✗ [4]✗ [5] [6-10]", run.Invocations);
    }

    [Theory, BothLanePolicies]
    public void S_57_a_hundred_records(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Bisecting(policy, batchSize: 100, retries: 0)).Records(100).Throws(57).Run();

        Assert.Equal(
            "[1-100]✗ [1-50] [51-100]✗ [51-75]✗ [51-62]✗ [51-56] [57-62]✗ [57-59]✗ [57]✗ [58-59] [60-62] [63-75] [76-100]",
            run.Invocations);
    }

    [Theory, BothLanePolicies]
    public void S_58_ten_thousand_records(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Bisecting(policy, batchSize: 10_000, retries: 0)).Records(10_000).Throws(10_000).Run();

        Assert.Equal(29, run.Calls.Count);
        Assert.Equal(["RetryAttemptsExhausted [10000] batchSize 1, count 1, Unhandled"], run.Discards);
        Assert.Equal(10_000, run.Checkpoint);
    }

    [Theory, BothLanePolicies]
    public void S_59_new_records_wait_until_the_last_half_is_resolved(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Bisecting(policy, batchSize: 10, retries: 0))
            .Records(10).Records(100, at: 0.05).Throws(3).Takes(0.1).Run();

        Assert.StartsWith("[1-10]✗ [1-5]✗ [1-2] [3-5]✗ [3]✗ [4-5] [6-10] [11-20] [21-30] ", run.Invocations, StringComparison.Ordinal);
        Assert.EndsWith(" [101-110]", run.Invocations, StringComparison.Ordinal);
    }

    [Theory, BothLanePolicies]
    public void S_103_throttles_inside_a_bisection(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Bisecting(policy, batchSize: 10, retries: 1))
            .Records(10).Throws(3).ThrottlesTries(3, 7).Run();

        Assert.Equal("[1-10]✗ [1-5]✗ [1-2] [3-5]✗ [3]✗×2 [4-5] [6-10]", run.Invocations);
        Assert.Equal("0 0 0.2 0.2 0.2 0.8 0.8 0.8", run.Starts);
        Assert.Equal(2, run.Throttles);
        Assert.Equal(["RetryAttemptsExhausted [3] batchSize 1, count 2, Unhandled"], run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_104_halved_then_cut_inside_the_right_half(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Both(policy, batchSize: 10, retries: 1)).Records(10).ThrowsOnCalls(1).Reports(9).Run();

        Assert.Equal("[1-10]✗ [1-5] [6-10]✗ [9-10]✗ [9]✗×2 [10]", run.Invocations);
        Assert.Equal(7, run.Calls.Count);
    }

    private static EventSourceMapping Bisecting(LanePolicy policy, int batchSize, int retries) =>
        new() { BatchSize = batchSize, MaximumRetryAttempts = retries, BisectBatchOnFunctionError = true, LanePolicy = policy };

    private static EventSourceMapping Both(LanePolicy policy, int batchSize, int retries) =>
        Bisecting(policy, batchSize, retries) with { FunctionResponseTypes = [ReportBatchItemFailures] };

    // The sequence is that of R = 0; with more retries only the single record runs more often.
    private static void AssertIsolates(
        int poison, string invocations, string counts, Action<Scenario> fails, string functionError, FunctionResponseType[] responseTypes)
    {
        foreach (LanePolicy policy in Enum.GetValues<LanePolicy>())
        {
            ScenarioRun[] runs = [.. Enumerable.Range(0, 3).Select(retries =>
            {
                Scenario scenario = Scenario.Of(Bisecting(policy, 10, retries) with { FunctionResponseTypes = [.. responseTypes] }).Records(10);
                fails(scenario);
                return scenario.Run();
            })];

            string alone = $"[{poison}]✗";
            Assert.Equal([invocations, invocations.Replace(alone, alone + "×2"), invocations.Replace(alone, alone + "×3")], runs.Select(run => run.Invocations));
            Assert.Equal(counts, string.Join('/', runs.Select(run => run.Calls.Count)));
            for (int retries = 0; retries < 3; retries++)
            {
                Assert.Equal([$"RetryAttemptsExhausted [{poison}] batchSize 1, count {retries + 1}, {functionError}"], runs[retries].Discards);
                Assert.Equal(10, runs[retries].Checkpoint);
            }
        }
    }
}
