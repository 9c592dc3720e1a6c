using LambdaStreamRunner.Core.Mappings;
using static LambdaStreamRunner.Core.Mappings.FunctionResponseType;

namespace LambdaStreamRunner.Scenarios;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html</summary>
public class PartialBatchResponse
{
    [Theory]
    [InlineData(1, "[1-10]✗ · [1-10]✗×2 · [1-10]✗×3", "1/2/3", "[1-10] batchSize 10")]
    [InlineData(2, "[1-10]✗ [2-10]✗ · [1-10]✗ [2-10]✗×2 · [1-10]✗ [2-10]✗×3", "2/3/4", "[2-10] batchSize 9")]
    [InlineData(3, "[1-10]✗ [3-10]✗ · [1-10]✗ [3-10]✗×2 · [1-10]✗ [3-10]✗×3", "2/3/4", "[3-10] batchSize 8")]
    [InlineData(4, "[1-10]✗ [4-10]✗ · [1-10]✗ [4-10]✗×2 · [1-10]✗ [4-10]✗×3", "2/3/4", "[4-10] batchSize 7")]
    [InlineData(5, "[1-10]✗ [5-10]✗ · [1-10]✗ [5-10]✗×2 · [1-10]✗ [5-10]✗×3", "2/3/4", "[5-10] batchSize 6")]
    [InlineData(6, "[1-10]✗ [6-10]✗ · [1-10]✗ [6-10]✗×2 · [1-10]✗ [6-10]✗×3", "2/3/4", "[6-10] batchSize 5")]
    [InlineData(7, "[1-10]✗ [7-10]✗ · [1-10]✗ [7-10]✗×2 · [1-10]✗ [7-10]✗×3", "2/3/4", "[7-10] batchSize 4")]
    [InlineData(8, "[1-10]✗ [8-10]✗ · [1-10]✗ [8-10]✗×2 · [1-10]✗ [8-10]✗×3", "2/3/4", "[8-10] batchSize 3")]
    [InlineData(9, "[1-10]✗ [9-10]✗ · [1-10]✗ [9-10]✗×2 · [1-10]✗ [9-10]✗×3", "2/3/4", "[9-10] batchSize 2")]
    [InlineData(10, "[1-10]✗ [10]✗ · [1-10]✗ [10]✗×2 · [1-10]✗ [10]✗×3", "2/3/4", "[10] batchSize 1")]
    public void S_31_S_37_without_bisect_everything_from_the_reported_record_on_is_retried_and_lost(
        int reported, string invocations, string counts, string discarded)
    {
        foreach (LanePolicy policy in Enum.GetValues<LanePolicy>())
        {
            ScenarioRun[] runs = [.. Enumerable.Range(0, 3).Select(retries =>
                Scenario.Of(Reporting(policy, batchSize: 10, retries)).Records(10).Reports(reported).Run())];

            Assert.Equal(invocations, string.Join(" · ", runs.Select(run => run.Invocations)));
            Assert.Equal(counts, string.Join('/', runs.Select(run => run.Calls.Count)));
            for (int retries = 0; retries < 3; retries++)
                Assert.Equal([$"RetryAttemptsExhausted {discarded}, count {retries + 1}, functionError null"], runs[retries].Discards);
        }
    }

    [Theory, BothLanePolicies]
    public void S_38_progress_restarts_the_retry_counter(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Reporting(policy, batchSize: 3, retries: 3)).Records(6).Reports(6).Run();

        Assert.Equal("[1-3] [4-6]✗ [6]✗×4", run.Invocations);
        Assert.Equal(["RetryAttemptsExhausted [6] batchSize 1, count 4, functionError null"], run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_39_the_lowest_reported_record_counts(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Reporting(policy, batchSize: 10)).Records(10).ReportsOnce(3).Run();

        Assert.Equal("[1-10]✗ [3-10]", run.Invocations);
        Assert.Equal("0 0", run.Starts);
        Assert.Equal("A B", run.RequestIds);
    }

    [Theory, BothLanePolicies]
    public void S_41_a_response_that_names_no_record_of_the_batch_is_a_complete_failure(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Reporting(policy, batchSize: 1, retries: 2)).Records(1).Reports(1).Run();

        Assert.Equal("[1]✗×3", run.Invocations);
        Assert.Equal(["RetryAttemptsExhausted [1] batchSize 1, count 3, functionError null"], run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_41_a_function_that_throws_is_a_complete_failure(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Reporting(policy, batchSize: 1, retries: 2)).Records(1).Throws(1).Run();

        Assert.Equal("[1]✗×3", run.Invocations);
        Assert.Equal(["RetryAttemptsExhausted [1] batchSize 1, count 3, Unhandled"], run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_42_a_complete_failure_runs_the_whole_batch_again_after_a_pause(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Reporting(policy, batchSize: 10)).Records(10).ReportsOnce(1).Run();

        Assert.Equal("[1-10]✗ [1-10]", run.Invocations);
        Assert.Equal("0 0.2", run.Starts);
        Assert.Equal("A A", run.RequestIds);
    }

    [Theory, BothLanePolicies]
    public void S_44_a_function_that_throws_when_every_record_has_failed_is_a_complete_failure(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Reporting(policy, batchSize: 10, retries: 1)).Records(3).AlwaysThrows().Run();

        Assert.Equal("[1-3]✗×2", run.Invocations);
        Assert.Equal(["RetryAttemptsExhausted [1-3] batchSize 3, count 2, Unhandled"], run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_43_progress_twice_needs_no_retry(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Reporting(policy, batchSize: 10, retries: 0)).Records(10).ReportsOnce(4, 8).Run();

        Assert.Equal("[1-10]✗ [4-10]✗ [8-10]", run.Invocations);
        Assert.Empty(run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_105_a_a_shortened_batch_has_a_try_of_its_own(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Reporting(policy, batchSize: 10, retries: 0)).Records(10).ReportsOnce(4).Run();

        Assert.Equal("[1-10]✗ [4-10]", run.Invocations);
        Assert.Empty(run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_117_records_before_the_reported_one_are_settled_at_once(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Reporting(policy, batchSize: 10)).Records(10).Reports(5).RunUntil(60);

        Assert.Equal("[1-10]✗ [5-10]✗×9", run.Invocations);
        Assert.Equal("4@0", run.Checkpoints);
    }

    private static EventSourceMapping Reporting(LanePolicy policy, int batchSize, int retries = EventSourceMapping.Unlimited) =>
        new() { BatchSize = batchSize, MaximumRetryAttempts = retries, FunctionResponseTypes = [ReportBatchItemFailures], LanePolicy = policy };
}
