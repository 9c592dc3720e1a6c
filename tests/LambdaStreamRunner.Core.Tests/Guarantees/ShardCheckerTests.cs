using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
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
        Assert.Equal((6L, 6L, 0L, 6L), Counts());
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
        Assert.Equal((6L, 2L, 4L, 2L), Counts());
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
        Assert.Equal((8L, 4L, 4L, 4L), Counts());
    }

    [Fact]
    public void Records_discarded_for_their_age_before_any_delivery_break_nothing()
    {
        _history.Discards("A1 A2").Succeeds(1, "A3").Saves(4).Finishes("A1 A2 A3");

        Assert.Empty(_history.Checker.Violations);
        Assert.Equal((1L, 1L, 0L, 3L), Counts());
    }

    [Fact]
    public void Filtered_records_are_settled_without_a_delivery()
    {
        _history.Filters("A1 B3").Succeeds(1, "A2").Saves(4).Finishes("A1 A2 B3");

        Assert.Empty(_history.Checker.Violations);
    }

    [Fact]
    public void Filtered_records_may_lie_ahead_of_earlier_ones_of_their_key()
    {
        _history.Filters("A2 A4").Succeeds(1, "A1 A3").Finishes("A1 A2 A3 A4");

        Assert.Empty(_history.Checker.Violations);
        Assert.Equal((2L, 2L, 0L, 4L), Counts());
    }

    [Fact]
    public void Filtered_records_are_not_lost_while_the_checkpoint_stands_before_them()
    {
        _history.Starts(1, "A1").Filters("B2 B3").Saves(1).Finishes("B2 B3");

        Assert.Empty(_history.Checker.Violations);
    }

    [Fact]
    public void Records_that_are_filtered_again_after_a_restart_count_once()
    {
        _history.Starts(1, "A1").Filters("A2 B3").Saves(1).Restarts(1).Filters("A2 B3").Succeeds(2, "A1").Finishes("A1 A2 B3");

        Assert.Empty(_history.Checker.Violations);
        Assert.Equal(3, _history.Checker.Settled);
    }

    [Fact]
    public void Records_that_were_delivered_may_be_filtered_by_other_filters_after_a_restart()
    {
        _history.Starts(1, "A1 A2").Saves(1).Restarts(1).Filters("A1 A2").Saves(3).Finishes("A1 A2");

        Assert.Empty(_history.Checker.Violations);
        Assert.Equal(2, _history.Checker.Settled);
    }

    [Fact]
    public void A_filtered_record_that_is_delivered_is_a_violation()
    {
        _history.Filters("A1 A3").Succeeds(1, "A2 A3");

        Violation violation = Assert.Single(_history.Checker.Violations);
        Assert.Equal(ViolationKind.RedeliveredSettled, violation.Kind);
        Assert.Contains("was filtered out", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_filtered_record_that_is_discarded_is_a_violation()
    {
        _history.Filters("A1 A2").Discards("A2");

        Assert.Equal(ViolationKind.SettledTwice, Assert.Single(_history.Checker.Violations).Kind);
    }

    [Fact]
    public void A_record_that_is_filtered_twice_is_a_violation()
    {
        _history.Filters("A1 A2").Filters("A2");

        Assert.Equal(ViolationKind.SettledTwice, Assert.Single(_history.Checker.Violations).Kind);
    }

    [Fact]
    public void Of_many_filtered_records_the_last_ones_are_remembered_and_none_is_reported_as_lost()
    {
        string all = string.Join(' ', Enumerable.Range(2, 40_000).Select(number => $"A{number}"));
        _history.Starts(1, "B1").Filters(all).Saves(1).Succeeds(2, "A40001");
        Assert.Equal(ViolationKind.RedeliveredSettled, Assert.Single(_history.Checker.Violations).Kind);

        _history.Finishes(all);
        Assert.Single(_history.Checker.Violations);
    }

    [Fact]
    public void A_restart_may_repeat_what_lies_above_the_checkpoint()
    {
        _history.Succeeds(1, "A1").Saves(2).Starts(2, "A2 A5").Succeeds(3, "B3 B4").Restarts(2)
            .Succeeds(4, "A2 A5").Succeeds(5, "B3 B4").Saves(6).Finishes("A1 A2 B3 B4 A5");

        Assert.Empty(_history.Checker.Violations);
        Assert.Equal((9L, 5L, 4L, 5L), Counts());
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
        Assert.Equal((1L, 1L, 0L, 1L), Counts());
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
    public void Numbers_that_do_not_increase_within_a_batch_are_found()
    {
        _history.Succeeds(1, "B2 A1");

        AssertOnly(ViolationKind.BatchOutOfOrder, "A 1", "2", Id(1).ToString());
    }

    [Fact]
    public void A_batch_above_BatchSize_is_found()
    {
        var history = new CheckedHistory(new ShardPromises { BatchSize = 2 });

        history.Succeeds(1, "A1 A2").Succeeds(2, "A3 A4 A5");

        Assert.Equal([ViolationKind.BatchTooLarge], history.Kinds);
    }

    [Fact]
    public void A_key_in_two_running_batches_is_found_and_reported_once()
    {
        _history.Starts(1, "A1").Starts(2, "A2 B3 A4").Succeeds(1).Succeeds(2);

        AssertOnly(ViolationKind.KeyInTwoBatches, "A 2", Id(1).ToString(), Id(2).ToString());
    }

    [Fact]
    public void A_key_in_a_third_batch_is_found_after_the_second_has_ended()
    {
        _history.Starts(1, "A1").Starts(2, "A2").Succeeds(2).Starts(3, "A3");

        Assert.Equal([ViolationKind.KeyInTwoBatches, ViolationKind.KeyInTwoBatches], _history.Kinds);
    }

    [Fact]
    public void A_first_delivery_after_a_later_record_of_the_key_is_found()
    {
        _history.Succeeds(1, "A2").Succeeds(2, "B3").Succeeds(3, "A1");

        AssertOnly(ViolationKind.FirstDeliveryOutOfOrder, "A 1", "2", Id(3).ToString());
        Assert.Equal((3L, 3L, 0L, 3L), Counts());
    }

    [Fact]
    public void A_record_delivered_while_an_earlier_one_of_its_key_waits_for_its_retry_is_found()
    {
        _history.Fails(1, "A1 B2").Succeeds(2, "A3").Succeeds(1, "A1 B2");

        AssertOnly(ViolationKind.OvertookUnsettled, "A 3", "1", Id(2).ToString());
    }

    [Fact]
    public void A_retry_that_leaves_out_a_record_in_the_middle_is_found()
    {
        _history.Fails(1, "A1 A2 A3").Succeeds(2, "A1 A3");

        AssertOnly(ViolationKind.OvertookUnsettled, "A 3", "2", Id(2).ToString());
    }

    [Fact]
    public void After_a_restart_an_unsettled_record_still_comes_before_later_ones()
    {
        _history.Fails(1, "A1").Restarts(1).Succeeds(2, "A2");

        AssertOnly(ViolationKind.OvertookUnsettled, "A 2", "1", Id(2).ToString());
    }

    [Theory]
    [InlineData("A1 A2", "A1")]
    [InlineData("A1 A2", "A2")]
    public void A_record_delivered_again_after_it_succeeded_is_found(string first, string again)
    {
        _history.Succeeds(1, first).Succeeds(2, again);

        AssertOnly(ViolationKind.RedeliveredSettled, "A ", "was settled", Id(2).ToString());
        Assert.Equal((3L, 2L, 1L, 2L), Counts());
    }

    [Fact]
    public void A_record_delivered_again_after_its_discard_is_found()
    {
        _history.Fails(1, "A1").Discards("A1").Succeeds(2, "A1");

        AssertOnly(ViolationKind.RedeliveredSettled, "A 1", Id(2).ToString());
    }

    [Fact]
    public void A_delivery_from_below_the_checkpoint_is_found_even_after_a_restart()
    {
        _history.Succeeds(1, "A1 A2").Saves(3).Restarts(3).Succeeds(2, "A2");

        AssertOnly(ViolationKind.RedeliveredSettled, "A 2", "before the checkpoint", Id(2).ToString());
    }

    [Fact]
    public void A_record_discarded_after_it_succeeded_is_found()
    {
        _history.Succeeds(1, "A1").Discards("A1");

        AssertOnly(ViolationKind.SettledTwice, "A 1", "was discarded");
    }

    [Fact]
    public void A_record_that_succeeds_after_it_was_discarded_while_it_ran_is_found()
    {
        _history.Starts(1, "A1").Discards("A1").Succeeds(1);

        AssertOnly(ViolationKind.SettledTwice, "A 1", $"succeeded in invocation {Id(1)}");
    }

    [Fact]
    public void A_checkpoint_that_moves_back_is_found_and_not_believed()
    {
        _history.Succeeds(1, "A1 A2 A3").Saves(4).Saves(2).Saves(4);

        AssertOnly(ViolationKind.CheckpointMovedBack, "from 4", "2");
    }

    [Fact]
    public void A_restart_from_below_the_checkpoint_is_found()
    {
        _history.Succeeds(1, "A1 A2 A3").Saves(4).Restarts(2).Succeeds(2, "A2");

        AssertOnly(ViolationKind.CheckpointMovedBack, "from 4", "2");
    }

    [Fact]
    public void A_checkpoint_past_a_record_that_was_delivered_and_not_settled_is_found_once()
    {
        _history.Fails(1, "A1 B2").Succeeds(2, "C3").Saves(4).Succeeds(3, "C4").Saves(5).Succeeds(1, "A1 B2");

        AssertOnly(ViolationKind.CheckpointPastUnsettled, "A 1", "4");
    }

    [Fact]
    public void A_discard_on_the_way_to_its_destination_stops_the_checkpoint_and_not_the_key()
    {
        _history.Fails(1, "A1 B2").GivesUp("A1 B2").Succeeds(2, "A3").Saves(1).DeliversDiscard("A1 B2").Saves(4);
        Assert.Empty(_history.Checker.Violations);

        _history.Fails(3, "A4").GivesUp("A4").Saves(5).DeliversDiscard("A4");
        AssertOnly(ViolationKind.CheckpointPastUnsettled, "discarded record 4", "on the way");
    }

    [Fact]
    public void A_checkpoint_after_a_number_means_that_this_record_is_settled_too()
    {
        _history.Succeeds(1, "A1").Starts(2, "A2").Saves(ShardPosition.After(Number(1)));
        Assert.Empty(_history.Checker.Violations);

        _history.Saves(ShardPosition.After(Number(2)));
        Assert.Equal([ViolationKind.CheckpointPastUnsettled], _history.Kinds);
    }

    [Fact]
    public void More_running_batches_than_ParallelizationFactor_are_found()
    {
        var history = new CheckedHistory(new ShardPromises { ParallelizationFactor = 2 });

        history.Starts(1, "A1").Starts(2, "B2").Succeeds(1).Starts(3, "C3").Starts(4, "D4");

        Assert.Equal([ViolationKind.TooManyBatches], history.Kinds);
        Assert.Equal(3, history.Checker.Running);
    }

    [Theory]
    [InlineData("A1 A2 A3", "never delivered")]
    [InlineData("A1 A2 B9", "never delivered")]
    public void A_record_that_was_never_delivered_is_lost(string expected, string message)
    {
        _history.Succeeds(1, "A1 A2").Saves(3).Finishes(expected);

        AssertOnly(ViolationKind.Lost, message);
    }

    [Fact]
    public void A_record_that_was_never_settled_is_lost()
    {
        _history.Fails(1, "A1").Succeeds(2, "B2").Finishes("A1 B2");

        AssertOnly(ViolationKind.Lost, "A 1", "delivered and never settled");
    }

    [Fact]
    public void A_record_that_was_passed_over_is_missed_by_count()
    {
        _history.Succeeds(1, "A1 A3").Saves(4).Finishes("A1 A2 A3");

        AssertOnly(ViolationKind.Lost, "1 record was passed over");
    }

    [Fact]
    public void A_history_can_end_with_a_count_alone()
    {
        _history.Succeeds(1, "A1 A3").Checker.Finish(2);
        Assert.Empty(_history.Checker.Violations);

        _history.Checker.Finish(4);
        AssertOnly(ViolationKind.Lost, "2 records were passed over");
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
    public void Order_violations_are_counted_apart()
    {
        _history.Succeeds(1, "A2").Succeeds(2, "A1").Discards("A1");

        Assert.Equal(2, _history.Checker.ViolationCount);
        Assert.Equal(1, _history.Checker.OrderViolationCount);
    }

    [Fact]
    public void An_end_without_a_start_is_a_mistake_of_the_caller()
    {
        Assert.Throws<ArgumentException>(() => _history.Succeeds(7));
    }

    private (long Deliveries, long Distinct, long Duplicates, long Settled) Counts()
    {
        ShardChecker checker = _history.Checker;
        return (checker.Deliveries, checker.DistinctRecords, checker.DuplicateDeliveries, checker.Settled);
    }

    private void AssertOnly(ViolationKind kind, params string[] parts)
    {
        Violation violation = Assert.Single(_history.Checker.Violations);
        Assert.Equal(kind, violation.Kind);
        Assert.All(parts, part => Assert.Contains(part, violation.Message, StringComparison.Ordinal));
        Assert.Contains("shardId-000000000000", violation.Message, StringComparison.Ordinal);
    }
}
