using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Scenarios;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html (enhanced fan-out, aggregated records)</summary>
public class EnhancedFanOut
{
    [Theory, BothLanePolicies]
    public void S_105_b_a_reported_user_record_means_the_first_one_of_its_aggregate_and_is_found_by_bisecting(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Pushed(policy) with { BisectBatchOnFunctionError = true, MaximumRetryAttempts = 0 })
            .Records(1).Aggregated(3).Reports(3).Run();

        Assert.Equal("[1-4]✗ [2-4]✗ [2] [3-4]✗ [3]✗ [4]", run.Invocations);
        Assert.Equal(["RetryAttemptsExhausted [3] batchSize 1, count 1, functionError null"], run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_105_c_without_bisecting_the_whole_aggregate_is_discarded(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Pushed(policy) with { MaximumRetryAttempts = 1 }).Records(1).Aggregated(3).Reports(3).Run();

        Assert.Equal("[1-4]✗ [2-4]✗×2", run.Invocations);
        Assert.Equal(["RetryAttemptsExhausted [2-4] batchSize 3, count 2, functionError null"], run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_19_a_pushed_record_is_delivered_at_once(LanePolicy policy) =>
        Assert.Equal("0.3", Scenario.Of(Pushed(policy)).Records(1, at: 0.3).Run().Starts);

    [Theory, BothLanePolicies]
    public void The_checkpoint_stands_inside_an_aggregate_until_all_its_user_records_are_settled(LanePolicy policy)
    {
        Scenario scenario = Scenario.Of(Pushed(policy) with { BatchSize = 1 }).Aggregated(3).Takes(1);
        ScenarioRun before = scenario.RunUntil(1.5);
        ScenarioRun after = scenario.Resume(before);
        after.Loop.RunUntilIdle();

        Assert.Equal("[1] [2]", before.Invocations);
        Assert.Equal("[2] [3]", after.Invocations);
    }

    private static EventSourceMapping Pushed(LanePolicy policy) => new()
    {
        BatchSize = 10,
        FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures],
        LanePolicy = policy,
        Polling = PollingMode.Push,
    };
}
