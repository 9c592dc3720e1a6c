using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Scenarios;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html (disabling, at-least-once processing)</summary>
public class StoppingAndResuming
{
    [Theory, BothLanePolicies]
    public void S_10_a_mapping_that_is_enabled_again_goes_on_after_the_last_processed_record(LanePolicy policy)
    {
        Scenario scenario = Scenario.Of(new() { BatchSize = 10, LanePolicy = policy }).Records(20).Takes(1);
        ScenarioRun before = scenario.RunUntil(0.5);
        before.Disable();
        before.Put(5);
        ScenarioRun after = scenario.Resume(before);
        after.Loop.RunUntilIdle();

        Assert.Equal("[1-10]", before.Invocations);
        Assert.Equal("[11-20] [21-25]", after.Invocations);
    }

    [Theory, BothLanePolicies]
    public void S_101_a_result_that_was_not_checkpointed_is_delivered_again(LanePolicy policy)
    {
        Scenario scenario = Scenario.Of(new() { BatchSize = 10, LanePolicy = policy }).Records(10).Takes(0.1).CheckpointsTake(5);
        ScenarioRun before = scenario.RunUntil(1);
        ScenarioRun after = scenario.Resume(before);
        after.Loop.RunUntilIdle();

        Assert.Equal("[1-10]", before.Invocations);
        Assert.Equal("[1-10]", after.Invocations);
        Assert.NotEqual(before.Calls[0].RequestId, after.Calls[0].RequestId);
    }

    [Theory, BothLanePolicies]
    public void S_109_a_disabling_lets_the_running_invocation_count_and_drops_the_rest(LanePolicy policy)
    {
        Scenario scenario = HalfwayThroughABisection(policy);
        ScenarioRun before = scenario.RunUntil(0.45);
        before.Disable();
        before.Put(2);
        ScenarioRun after = scenario.Resume(before);
        after.Loop.RunUntilIdle();

        Assert.Equal("[1-10]✗ [1-5]✗ [1-2] [3-5]✗ [3]", before.Invocations);
        Assert.Equal(3, before.Checkpoint);
        Assert.Equal("[4-12]✗ [4-7]✗ [4-5]✗ [4]✗ [5] [6-7] [8-12]", after.Invocations);
    }

    [Theory, BothLanePolicies]
    public void S_109_b_after_a_kill_the_running_invocation_is_lost_too(LanePolicy policy)
    {
        Scenario scenario = HalfwayThroughABisection(policy);
        ScenarioRun before = scenario.RunUntil(0.45);
        before.Put(2);
        ScenarioRun after = scenario.Resume(before);
        after.Loop.RunUntilIdle();

        Assert.Equal("[1-10]✗ [1-5]✗ [1-2] [3-5]✗ [3]", before.Invocations);
        Assert.Equal(2, before.Checkpoint);
        Assert.Equal("[3-12]✗ [3-7]✗ [3-4]✗ [3] [4]✗ [5-7] [8-12]", after.Invocations);
    }

    [Theory, BothLanePolicies]
    public void S_111_the_checkpoint_follows_every_part_of_a_batch(LanePolicy policy)
    {
        ScenarioRun run = HalfwayThroughABisection(policy).Run();

        Assert.Equal("2@0.3 3@0.5 4@0.7 5@0.8 10@0.9", run.Checkpoints);
        Assert.Equal("0.7", run.DiscardTimes);
    }

    [Theory, BothLanePolicies]
    public void S_111_a_discard_that_is_checkpointed_does_not_come_twice(LanePolicy policy)
    {
        Scenario scenario = HalfwayThroughABisection(policy);
        ScenarioRun before = scenario.RunUntil(0.75);
        ScenarioRun after = scenario.Resume(before);
        after.Loop.RunUntilIdle();

        Assert.Single(before.Discards);
        Assert.Equal("[5-10]", after.Invocations);
        Assert.Empty(after.Discards);
    }

    [Theory, BothLanePolicies]
    public void A_mapping_that_was_restarted_twice_without_work_does_not_begin_at_the_start_again(LanePolicy policy)
    {
        Scenario scenario = Scenario.Of(new() { LanePolicy = policy }).Records(10);
        ScenarioRun second = scenario.Resume(scenario.Run());
        second.Loop.RunUntilIdle();
        ScenarioRun third = scenario.Resume(second);
        third.Loop.RunUntilIdle();

        Assert.Empty(third.Calls);
        Assert.Equal(10, third.Checkpoint);
    }

    [Theory, BothLanePolicies]
    public void Draining_settles_what_was_read_without_waiting_for_the_window(LanePolicy policy)
    {
        Scenario scenario = Scenario.Of(new() { BatchSize = 10, MaximumBatchingWindow = TimeSpan.FromSeconds(300), LanePolicy = policy }).Records(25).Takes(1);
        ScenarioRun run = scenario.RunUntil(0.5);
        run.Loop.Stop(StopMode.Drain);
        run.Loop.RunUntilIdle();

        Assert.Equal("[1-10] [11-20] [21-25]", run.Invocations);
        Assert.Equal("0 1 2", run.Starts);
        Assert.Equal("Stopped@3", run.Closings);
        Assert.Equal(25, run.Checkpoint);
    }

    [Theory, BothLanePolicies]
    public void A_second_request_to_stop_abandons_the_draining(LanePolicy policy)
    {
        Scenario scenario = Scenario.Of(new() { BatchSize = 10, LanePolicy = policy }).Records(25).Takes(1);
        ScenarioRun run = scenario.RunUntil(0.5);
        run.Loop.Stop(StopMode.Drain);
        run.RunUntil(1.5);
        run.Loop.Stop(StopMode.SettleInFlight);
        run.Loop.RunUntilIdle();

        Assert.Equal("[1-10] [11-20]", run.Invocations);
        Assert.Equal("Stopped@2", run.Closings);
        Assert.Equal(20, run.Checkpoint);
    }

    private static Scenario HalfwayThroughABisection(LanePolicy policy) =>
        Scenario.Of(new() { BatchSize = 10, MaximumRetryAttempts = 0, BisectBatchOnFunctionError = true, LanePolicy = policy })
            .Records(10).Throws(4).Takes(0.1);
}
