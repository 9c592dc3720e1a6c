using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Streams;
using static LambdaStreamRunner.Core.Tests.Guarantees.CheckedHistory;

namespace LambdaStreamRunner.Core.Tests.Guarantees;

/// <summary>Each record is settled once, none is lost, and no checkpoint passes one that is not settled.</summary>
public class SettledRecordsTests
{
    private readonly CheckedHistory _history = new();

    [Theory]
    [InlineData("A1 A2", "A1")]
    [InlineData("A1 A2", "A2")]
    public void A_record_delivered_again_after_it_succeeded_is_found(string first, string again)
    {
        _history.Succeeds(1, first).Succeeds(2, again);

        _history.AssertOnly(ViolationKind.RedeliveredSettled, "A ", "was settled", Id(2).ToString());
        Assert.Equal((3L, 2L, 1L, 2L), _history.Counts());
    }

    [Fact]
    public void A_record_delivered_again_after_its_discard_is_found()
    {
        _history.Fails(1, "A1").Discards("A1").Succeeds(2, "A1");

        _history.AssertOnly(ViolationKind.RedeliveredSettled, "A 1", Id(2).ToString());
    }

    [Fact]
    public void A_delivery_from_below_the_checkpoint_is_found_even_after_a_restart()
    {
        _history.Succeeds(1, "A1 A2").Saves(3).Restarts(3).Succeeds(2, "A2");

        _history.AssertOnly(ViolationKind.RedeliveredSettled, "A 2", "before the checkpoint", Id(2).ToString());
    }

    [Fact]
    public void A_record_discarded_after_it_succeeded_is_found()
    {
        _history.Succeeds(1, "A1").Discards("A1");

        _history.AssertOnly(ViolationKind.SettledTwice, "A 1", "was discarded");
    }

    [Fact]
    public void A_record_that_succeeds_after_it_was_discarded_while_it_ran_is_found()
    {
        _history.Starts(1, "A1").Discards("A1").Succeeds(1);

        _history.AssertOnly(ViolationKind.SettledTwice, "A 1", $"succeeded in invocation {Id(1)}");
    }

    [Fact]
    public void A_checkpoint_that_moves_back_is_found_and_not_believed()
    {
        _history.Succeeds(1, "A1 A2 A3").Saves(4).Saves(2).Saves(4);

        _history.AssertOnly(ViolationKind.CheckpointMovedBack, "from 4", "2");
    }

    [Fact]
    public void A_restart_from_below_the_checkpoint_is_found()
    {
        _history.Succeeds(1, "A1 A2 A3").Saves(4).Restarts(2).Succeeds(2, "A2");

        _history.AssertOnly(ViolationKind.CheckpointMovedBack, "from 4", "2");
    }

    [Fact]
    public void A_checkpoint_past_a_record_that_was_delivered_and_not_settled_is_found_once()
    {
        _history.Fails(1, "A1 B2").Succeeds(2, "C3").Saves(4).Succeeds(3, "C4").Saves(5).Succeeds(1, "A1 B2");

        _history.AssertOnly(ViolationKind.CheckpointPastUnsettled, "A 1", "4");
    }

    [Fact]
    public void A_discard_on_the_way_to_its_destination_stops_the_checkpoint_and_not_the_key()
    {
        _history.Fails(1, "A1 B2").GivesUp("A1 B2").Succeeds(2, "A3").Saves(1).DeliversDiscard("A1 B2").Saves(4);
        Assert.Empty(_history.Checker.Violations);

        _history.Fails(3, "A4").GivesUp("A4").Saves(5).DeliversDiscard("A4");
        _history.AssertOnly(ViolationKind.CheckpointPastUnsettled, "discarded record 4", "on the way");
    }

    [Fact]
    public void A_checkpoint_after_a_number_means_that_this_record_is_settled_too()
    {
        _history.Succeeds(1, "A1").Starts(2, "A2").Saves(ShardPosition.After(Number(1)));
        Assert.Empty(_history.Checker.Violations);

        _history.Saves(ShardPosition.After(Number(2)));
        Assert.Equal([ViolationKind.CheckpointPastUnsettled], _history.Kinds);
    }

    [Theory]
    [InlineData("A1 A2 A3", "never delivered")]
    [InlineData("A1 A2 B9", "never delivered")]
    public void A_record_that_was_never_delivered_is_lost(string expected, string message)
    {
        _history.Succeeds(1, "A1 A2").Saves(3).Finishes(expected);

        _history.AssertOnly(ViolationKind.Lost, message);
    }

    [Fact]
    public void A_record_that_was_never_settled_is_lost()
    {
        _history.Fails(1, "A1").Succeeds(2, "B2").Finishes("A1 B2");

        _history.AssertOnly(ViolationKind.Lost, "A 1", "delivered and never settled");
    }

    [Fact]
    public void A_record_that_was_passed_over_is_missed_by_count()
    {
        _history.Succeeds(1, "A1 A3").Saves(4).Finishes("A1 A2 A3");

        _history.AssertOnly(ViolationKind.Lost, "1 record was passed over");
    }

    [Fact]
    public void A_history_can_end_with_a_count_alone()
    {
        _history.Succeeds(1, "A1 A3").Checker.Finish(2);
        Assert.Empty(_history.Checker.Violations);

        _history.Checker.Finish(4);
        _history.AssertOnly(ViolationKind.Lost, "2 records were passed over");
    }
}
