using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Windows;

namespace LambdaStreamRunner.Scenarios;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html</summary>
public class TumblingWindows
{
    [Theory, BothLanePolicies]
    public void S_84_windows_are_aligned_to_the_epoch(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy)).Records(1, at: 13).RunUntil(14);

        Assert.Equal(["[1] 10-20 {}"], run.WindowCalls);
    }

    [Theory, BothLanePolicies]
    public void S_85_state_goes_from_one_invocation_to_the_next_and_ends_with_the_window(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy)).Records(1, at: 13).Records(1, at: 17).Records(1, at: 23).RunUntil(25);

        Assert.Equal(["[1] 10-20 {}", "[2] 10-20 {\"n\":1}", "[] 10-20 {\"n\":2} final", "[3] 20-30 {}"], run.WindowCalls);
        Assert.Equal("13 17 23 23", run.Starts);
    }

    [Theory, BothLanePolicies]
    public void S_86_the_window_of_an_idle_shard_is_complete_two_minutes_after_its_end(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy)).Records(1, at: 23).Run();

        Assert.Equal(["[1] 20-30 {}", "[] 20-30 {\"n\":1} final"], run.WindowCalls);
        Assert.Equal("23 150", run.Starts);
    }

    [Theory, BothLanePolicies]
    public void S_87_an_answer_without_state_is_a_failed_invocation(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy)).Records(1, at: 11).Records(1, at: 12).ForgetsStateOnCalls(2).RunUntil(15);

        Assert.Equal(["[1] 10-20 {}", "[2]✗ 10-20 {\"n\":1}", "[2] 10-20 {\"n\":1}"], run.WindowCalls);
        Assert.Equal("11 12 12.2", run.Starts);
        Assert.Equal("A B B", run.RequestIds);
    }

    [Theory, BothLanePolicies]
    public void S_88_a_final_invocation_that_fails_is_discarded_and_the_next_window_begins_empty(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy) with { MaximumRetryAttempts = 0 })
            .Records(1, at: 13).Records(1, at: 23).ThrowsAtEndsOfWindows().RunUntil(25);

        Assert.Equal(["[1] 10-20 {}", "[]✗ 10-20 {\"n\":1} final", "[2] 20-30 {}"], run.WindowCalls);
        Assert.Equal(["RetryAttemptsExhausted end of 10-20, count 1, Unhandled"], run.Discards);
        Assert.Equal(2, run.Checkpoint);
    }

    [Theory, BothLanePolicies]
    public void S_89_a_final_invocation_that_fails_for_ever_holds_up_the_shard(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy)).Records(1, at: 13).Records(1, at: 23).ThrowsAtEndsOfWindows().RunUntil(600);

        Assert.All(run.WindowCalls.Skip(1), call => Assert.Equal("[]✗ 10-20 {\"n\":1} final", call));
        Assert.Empty(run.Discards);
        Assert.Equal(1, run.Checkpoint);
    }

    [Theory, BothLanePolicies]
    public void The_age_of_a_final_invocation_counts_from_the_end_of_its_window(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy) with { MaximumRecordAge = TimeSpan.FromSeconds(60) })
            .Records(1, at: 13).Records(1, at: 23).ThrowsAtEndsOfWindows().RunUntil(81);

        Assert.Equal(["RecordAgeExceeded end of 10-20, count 9, no response"], run.Discards);
        Assert.Equal("80", run.DiscardTimes);
        Assert.Equal("[2] 20-30 {}", run.WindowCalls[^1]);
    }

    [Theory, BothLanePolicies]
    public void S_90_a_state_that_is_too_large_ends_the_window_early_and_is_seen_once_more(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy)).Records(1, at: 13).Records(1, at: 23).ReturnsLargeState(1_048_650).RunUntil(25);

        Assert.Equal(["[1] 10-20 {}", "[] 10-20 1048650 bytes early", "[2] 20-30 {}"], run.WindowCalls);
        Assert.Equal("13 13 23", run.Starts);
    }

    [Theory, BothLanePolicies]
    public void S_90_more_records_of_a_window_that_was_terminated_early_begin_with_an_empty_state(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy))
            .Records(1, at: 13).Records(1, at: 17).Records(1, at: 23).ReturnsLargeState(TumblingWindow.StateLengthMax + 1).RunUntil(25);

        Assert.Equal(
            ["[1] 10-20 {}", "[] 10-20 1048577 bytes early", "[2] 10-20 {}", "[] 10-20 {\"n\":1} final", "[3] 20-30 {}"], run.WindowCalls);
    }

    [Theory, BothLanePolicies]
    public void A_state_of_one_megabyte_is_not_too_large(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy)).Records(1, at: 13).ReturnsLargeState(TumblingWindow.StateLengthMax).RunUntil(25);

        Assert.Equal(["[1] 10-20 {}"], run.WindowCalls);
    }

    [Theory, BothLanePolicies]
    public void S_91_the_end_of_a_shard_ends_its_window(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy)).Records(1, at: 13).ShardsClose(at: 15).Run();

        Assert.Equal(["[1] 10-20 {}", "[] 10-20 {\"n\":1} final"], run.WindowCalls);
        Assert.Equal("13 15", run.Starts);
        Assert.Equal("ShardEnd@15", run.Closings);
    }

    [Theory, BothLanePolicies]
    public void A_batch_never_spans_windows(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy) with { BatchSize = 100 })
            .Records(2, age: 27).Records(3, age: 22).Records(1, age: 8).RunUntil(1);

        Assert.Equal(["[1-5] -30--20 {}", "[] -30--20 {\"n\":5} final", "[6] -10-0 {}"], run.WindowCalls);
    }

    [Theory, BothLanePolicies]
    public void The_end_of_the_window_ends_the_batching_window(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy) with { BatchSize = 100, MaximumBatchingWindow = TimeSpan.FromSeconds(300) })
            .Records(2, at: 13).RunUntil(25);

        Assert.Equal(["[1-2] 10-20 {}"], run.WindowCalls);
        Assert.Equal("20", run.Starts);
    }

    [Theory, BothLanePolicies]
    public void A_retry_begins_with_the_same_state_and_halves_hand_it_on(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy) with { BatchSize = 10, BisectBatchOnFunctionError = true, MaximumRetryAttempts = 0 })
            .Records(1, at: 11).Records(4, at: 13).Throws(3).RunUntil(15);

        Assert.Equal(
            ["[1] 10-20 {}", "[2-5]✗ 10-20 {\"n\":1}", "[2-3]✗ 10-20 {\"n\":1}", "[2] 10-20 {\"n\":1}", "[3]✗ 10-20 {\"n\":2}", "[4-5] 10-20 {\"n\":2}"],
            run.WindowCalls);
        Assert.Equal(["RetryAttemptsExhausted [3] batchSize 1, count 1, Unhandled"], run.Discards);
    }

    [Theory, BothLanePolicies]
    public void A_mapping_that_was_disabled_goes_on_with_the_state_of_its_checkpoint(LanePolicy policy)
    {
        Scenario scenario = Scenario.Of(Windowed(policy)).Records(1, at: 13);
        ScenarioRun before = scenario.RunUntil(14);
        before.Loop.Stop(StopMode.SettleInFlight);
        before.RunUntil(14);
        ScenarioRun after = scenario.Resume(before);
        after.Put(1);
        after.RunUntil(15);

        Assert.Equal(["[2] 10-20 {\"n\":1}"], after.WindowCalls);
    }

    [Theory, BothLanePolicies]
    public void A_batch_whose_window_is_terminated_early_goes_on_with_an_empty_state(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy) with { BatchSize = 10, FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures] })
            .Records(4, at: 13).ReportsOnce(3).ReturnsLargeState(TumblingWindow.StateLengthMax + 1).Run();

        Assert.Equal(
            ["[1-4]✗ 10-20 {}", "[] 10-20 1048577 bytes early", "[3-4] 10-20 {}", "[] 10-20 {\"n\":2} final"], run.WindowCalls);
    }

    [Theory, BothLanePolicies]
    public void After_a_restart_the_records_of_an_open_window_are_read_before_it_ends(LanePolicy policy)
    {
        Scenario scenario = Scenario.Of(Windowed(policy)).Records(2, at: 13);
        ScenarioRun before = scenario.RunUntil(14);
        before.Loop.Stop(StopMode.SettleInFlight);
        before.RunUntil(14);
        before.Put(1);                                        // and ten minutes pass
        before.RunUntil(600);
        ScenarioRun after = scenario.Resume(before);
        after.Loop.RunUntilIdle();

        Assert.Equal(["[3] 10-20 {\"n\":2}", "[] 10-20 {\"n\":3} final"], after.WindowCalls);
    }

    [Theory, BothLanePolicies]
    public void What_follows_a_discard_waits_for_the_destination_so_that_no_state_is_ahead_of_the_checkpoint(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(Windowed(policy) with { MaximumRetryAttempts = 0 })
            .Records(1, at: 13).Records(1, at: 14).Throws(1).DestinationTakes(5).RunUntil(30);

        Assert.Equal(["[1]✗ 10-20 {}", "[2] 10-20 {}"], run.WindowCalls);
        Assert.Equal("13 18", run.Starts);
    }

    [Theory, BothLanePolicies]
    public void A_state_that_was_too_large_when_the_mapping_stopped_is_terminated_first(LanePolicy policy)
    {
        Scenario scenario = Scenario.Of(Windowed(policy)).Records(1, at: 13).ReturnsLargeState(TumblingWindow.StateLengthMax + 1).Takes(1);
        ScenarioRun before = scenario.RunUntil(13.5);
        before.Loop.Stop(StopMode.SettleInFlight);
        before.RunUntil(15);
        before.Put(1);
        ScenarioRun after = scenario.Resume(before);
        after.RunUntil(18);

        Assert.Equal(["[] 10-20 1048577 bytes early", "[2] 10-20 {}"], after.WindowCalls);
    }

    private static EventSourceMapping Windowed(LanePolicy policy) => new() { BatchSize = 1, TumblingWindow = TimeSpan.FromSeconds(10), LanePolicy = policy };
}
