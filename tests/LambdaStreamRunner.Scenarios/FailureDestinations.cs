using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Scenarios;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html</summary>
public class FailureDestinations
{
    [Theory, BothLanePolicies]
    public void S_27_a_record_too_large_for_any_event_has_a_failure_record_without_response(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { MaximumRetryAttempts = 2, LanePolicy = policy })
            .Records(1, bytes: 5 * 1024 * 1024).Records(1).Run();

        Assert.Equal("[2]", run.Invocations);
        Assert.Equal(["RetryAttemptsExhausted [1] batchSize 1, count 3, no response"], run.Discards);
    }

    [Theory, BothLanePolicies]
    public void S_35_the_stream_goes_on_when_the_destination_refuses(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { BatchSize = 10, MaximumRetryAttempts = 0, LanePolicy = policy })
            .Records(20).Throws(5).DestinationRefuses().Run();

        Assert.Equal("[1-10]✗ [11-20]", run.Invocations);
        Assert.Single(run.Discards);
        Assert.Equal(20, run.Checkpoint);
    }

    [Theory, BothLanePolicies]
    public void The_checkpoint_passes_a_discard_when_the_destination_has_it(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { BatchSize = 10, MaximumRetryAttempts = 0, LanePolicy = policy })
            .Records(20).Throws(5).DestinationTakes(2).Run();

        Assert.Equal("[1-10]✗ [11-20]", run.Invocations);
        Assert.Equal("0@0 20@2", run.Checkpoints);
    }

    [Theory, BothLanePolicies]
    public void A_destination_that_lags_holds_the_function_back_instead_of_filling_memory(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(new() { BatchSize = 1, MaximumRetryAttempts = 0, LanePolicy = policy })
            .Records(2_500).AlwaysThrows().DestinationTakes(10).Begin();
        run.RunUntil(9);
        Assert.Equal(ShardMachine.UndeliveredDiscardsMax, run.Discards.Length);
        run.Loop.RunUntilIdle();

        Assert.Equal(2_500, run.Discards.Length);
        Assert.Equal(2_500, run.Checkpoint);
    }
}
