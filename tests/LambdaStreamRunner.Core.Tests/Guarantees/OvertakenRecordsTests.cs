using LambdaStreamRunner.Core.Guarantees;
using static LambdaStreamRunner.Core.Tests.Guarantees.CheckedHistory;

namespace LambdaStreamRunner.Core.Tests.Guarantees;

/// <summary>Broken promises about the order of a key.</summary>
public class OvertakenRecordsTests
{
    private readonly CheckedHistory _history = new();

    [Fact]
    public void Numbers_that_do_not_increase_within_a_batch_are_found()
    {
        _history.Succeeds(1, "B2 A1");

        _history.AssertOnly(ViolationKind.BatchOutOfOrder, "A 1", "2", Id(1).ToString());
    }

    [Fact]
    public void A_key_in_two_running_batches_is_found_and_reported_once()
    {
        _history.Starts(1, "A1").Starts(2, "A2 B3 A4").Succeeds(1).Succeeds(2);

        _history.AssertOnly(ViolationKind.KeyInTwoBatches, "A 2", Id(1).ToString(), Id(2).ToString());
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

        _history.AssertOnly(ViolationKind.FirstDeliveryOutOfOrder, "A 1", "2", Id(3).ToString());
        Assert.Equal((3L, 3L, 0L, 3L), _history.Counts());
    }

    [Fact]
    public void A_record_delivered_while_an_earlier_one_of_its_key_waits_for_its_retry_is_found()
    {
        _history.Fails(1, "A1 B2").Succeeds(2, "A3").Succeeds(1, "A1 B2");

        _history.AssertOnly(ViolationKind.OvertookUnsettled, "A 3", "1", Id(2).ToString());
    }

    [Fact]
    public void A_retry_that_leaves_out_a_record_in_the_middle_is_found()
    {
        _history.Fails(1, "A1 A2 A3").Succeeds(2, "A1 A3");

        _history.AssertOnly(ViolationKind.OvertookUnsettled, "A 3", "2", Id(2).ToString());
    }

    [Fact]
    public void After_a_restart_an_unsettled_record_still_comes_before_later_ones()
    {
        _history.Fails(1, "A1").Restarts(1).Succeeds(2, "A2");

        _history.AssertOnly(ViolationKind.OvertookUnsettled, "A 2", "1", Id(2).ToString());
    }

    [Fact]
    public void Order_violations_are_counted_apart()
    {
        _history.Succeeds(1, "A2").Succeeds(2, "A1").Discards("A1");

        Assert.Equal(2, _history.Checker.ViolationCount);
        Assert.Equal(1, _history.Checker.OrderViolationCount);
    }
}
