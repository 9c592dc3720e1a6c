using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Mappings;
using static LambdaStreamRunner.Core.Tests.Guarantees.CheckedHistory;

namespace LambdaStreamRunner.Core.Tests.Guarantees;

public class ShardCheckerTests
{
    private readonly CheckedHistory _history = new();

    [Fact]
    public void Batches_that_succeed_one_after_the_other_break_nothing()
    {
        _history.Succeeds(1, "A1 B2 A3").Succeeds(2, "A4 C5").Saves(6).Succeeds(3, "A6").Saves(7).Finishes("A1 B2 A3 A4 C5 A6");

        Assert.Empty(_history.Checker.Violations);
        Assert.Equal((6L, 6L, 0L, 6L), _history.Counts());
    }

    [Fact]
    public void A_restart_with_other_settings_holds_the_shard_to_those()
    {
        var history = new CheckedHistory(new ShardPromises { BatchSize = 1, ParallelizationFactor = 2 });

        history.Succeeds(1, "A1").Saves(2).Restarts(2, new ShardPromises { BatchSize = 3, ParallelizationFactor = 1 }).Succeeds(2, "A2 A3 A4").Saves(5);
        Assert.Empty(history.Checker.Violations);

        history.Starts(3, "A5").Starts(4, "B6");
        Assert.Equal([ViolationKind.TooManyBatches], history.Kinds);
        Assert.Contains("ParallelizationFactor is 1.", history.Checker.Violations[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Lanes_that_run_side_by_side_with_different_keys_break_nothing()
    {
        _history.Starts(1, "A1 A4").Starts(2, "B2 C3").Succeeds(2).Succeeds(3, "B5").Saves(1).Succeeds(1).Saves(6).Finishes("A1 B2 C3 A4 B5");

        Assert.Empty(_history.Checker.Violations);
    }

    [Fact]
    public void Identical_retries_count_as_duplicates_and_break_nothing()
    {
        _history.Fails(1, "A1 B2").Fails(1, "A1 B2").Succeeds(1, "A1 B2").Finishes("A1 B2");

        Assert.Empty(_history.Checker.Violations);
        Assert.Equal((6L, 2L, 4L, 2L), _history.Counts());
    }

    [Fact]
    public void A_bisected_batch_with_its_left_half_before_its_right_half_breaks_nothing()
    {
        _history.Fails(1, "A1 A2 A3 B4").Fails(2, "A1 A2").Fails(3, "A1").Discards("A1").Succeeds(4, "A2").Saves(3)
            .Succeeds(5, "A3 B4").Saves(5).Finishes("A1 A2 A3 B4");

        Assert.Empty(_history.Checker.Violations);
    }

    [Fact]
    public void The_remainder_of_a_partly_failed_batch_breaks_nothing()
    {
        _history.Starts(1, "A1 B2 A3 B4").FailsFrom(1, 2).Saves(3).Starts(2, "A3 B4").FailsFrom(2, 0).Succeeds(2, "A3 B4").Finishes("A1 B2 A3 B4");

        Assert.Empty(_history.Checker.Violations);
        Assert.Equal((8L, 4L, 4L, 4L), _history.Counts());
    }

    [Fact]
    public void Records_discarded_for_their_age_before_any_delivery_break_nothing()
    {
        _history.Discards("A1 A2").Succeeds(1, "A3").Saves(4).Finishes("A1 A2 A3");

        Assert.Empty(_history.Checker.Violations);
        Assert.Equal((1L, 1L, 0L, 3L), _history.Counts());
    }

    [Fact]
    public void A_restart_may_repeat_what_lies_above_the_checkpoint()
    {
        _history.Succeeds(1, "A1").Saves(2).Starts(2, "A2 A5").Succeeds(3, "B3 B4").Restarts(2)
            .Succeeds(4, "A2 A5").Succeeds(5, "B3 B4").Saves(6).Finishes("A1 A2 B3 B4 A5");

        Assert.Empty(_history.Checker.Violations);
        Assert.Equal((9L, 5L, 4L, 5L), _history.Counts());
    }

    [Fact]
    public void A_restart_may_leave_out_what_is_known_as_settled()
    {
        _history.Starts(1, "A1 A4").Succeeds(2, "B2 B3").Restarts(1).Succeeds(3, "A1 A4").Succeeds(4, "B5").Finishes("A1 B2 B3 A4 B5");

        Assert.Empty(_history.Checker.Violations);
    }

    [Fact]
    public void A_throttled_invocation_was_no_delivery()
    {
        _history.Starts(1, "A1").Ends(1, new BatchOutcome.Throttled("no capacity")).Succeeds(2, "A1").Finishes("A1");

        Assert.Empty(_history.Checker.Violations);
        Assert.Equal((1L, 1L, 0L, 1L), _history.Counts());
    }

    [Fact]
    public void Records_that_left_retention_in_a_stuck_lane_hold_nobody_up()
    {
        _history.Fails(1, "A1 A2").Checker.Trimmed(Number(3));
        _history.Succeeds(2, "A3").Saves(4);

        Assert.Empty(_history.Checker.Violations);
    }

    [Fact]
    public void A_record_that_left_retention_while_the_handler_had_it_may_succeed()
    {
        _history.Starts(1, "A1 A2").Fails(2, "B3").Checker.Trimmed(Number(4));
        _history.Succeeds(1).Succeeds(3, "A4 B5").Saves(6);

        Assert.Empty(_history.Checker.Violations);
        Assert.Equal(4, _history.Checker.Settled);
    }

    [Fact]
    public void What_the_handler_had_before_a_restart_does_not_outlive_retention()
    {
        _history.Starts(1, "A1").Restarts(at: 1).Checker.Trimmed(Number(2));
        _history.Succeeds(2, "A2").Saves(3);

        Assert.Empty(_history.Checker.Violations);
    }

    [Fact]
    public void A_batch_above_BatchSize_is_found()
    {
        var history = new CheckedHistory(new ShardPromises { BatchSize = 2 });

        history.Succeeds(1, "A1 A2").Succeeds(2, "A3 A4 A5");

        Assert.Equal([ViolationKind.BatchTooLarge], history.Kinds);
    }

    [Fact]
    public void More_running_batches_than_ParallelizationFactor_are_found()
    {
        var history = new CheckedHistory(new ShardPromises { ParallelizationFactor = 2 });

        history.Starts(1, "A1").Starts(2, "B2").Succeeds(1).Starts(3, "C3").Starts(4, "D4");

        Assert.Equal([ViolationKind.TooManyBatches], history.Kinds);
        Assert.Equal(3, history.Checker.Running);
    }

    [Fact]
    public void Only_the_first_hundred_violations_are_listed_and_all_are_counted()
    {
        _history.Succeeds(1, "A1");
        for (int i = 2; i < 252; i++)
            _history.Succeeds(i, "A1");

        Assert.Equal(100, _history.Checker.Violations.Length);
        Assert.Equal(250, _history.Checker.ViolationCount);
        Assert.Equal(0, _history.Checker.OrderViolationCount);
    }

    [Fact]
    public void An_end_without_a_start_is_a_mistake_of_the_caller()
    {
        Assert.Throws<ArgumentException>(() => _history.Succeeds(7));
    }
}
