using LambdaStreamRunner.Core.Guarantees;

namespace LambdaStreamRunner.Core.Tests.Guarantees;

/// <summary>What the checker says of records that were filtered out where they were read.</summary>
public class FilteredRecordsTests
{
    private readonly CheckedHistory _history = new();

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
        Assert.Equal((2L, 2L, 0L, 4L), _history.Counts());
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
}
