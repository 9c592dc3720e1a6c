using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Retrying;

namespace LambdaStreamRunner.Core.Tests.Guarantees;

public class RetryRulesTests
{
    private static readonly EventSourceMapping OneRetry = new() { MaximumRetryAttempts = 1, ParallelizationFactor = 2, MaximumRecordAge = TimeSpan.FromSeconds(60) };
    private static readonly EventSourceMapping Bisecting = OneRetry with { BisectBatchOnFunctionError = true };

    [Fact]
    public void A_batch_that_failed_is_tried_again_as_it_was()
    {
        Assert.Empty(Failed().Succeeds(1, "A1 B2 A3", attempt: 2).Found);
        Assert.Contains(ViolationKind.RemainderBroken, Failed().Succeeds(2, "A1 B2").Found);
        Assert.Contains(ViolationKind.RemainderBroken, Failed().Succeeds(2, "B2 A3").Found);
        Assert.Equal([ViolationKind.RemainderBroken], Failed().Succeeds(2, "C4").Found);
    }

    [Fact]
    public void After_a_reported_failure_the_rest_is_tried()
    {
        Assert.Empty(Arrived().Starts(1, "A1 B2 A3").FailsFrom(1, 1).Succeeds(2, "B2 A3").Found);
        Assert.Equal([ViolationKind.RemainderBroken], Arrived().Starts(1, "A1 B2 A3").FailsFrom(1, 1).Succeeds(2, "A3").Found);
    }

    [Fact]
    public void Only_a_retry_of_identical_records_has_the_same_request_id_and_the_next_number()
    {
        Assert.Equal([ViolationKind.RetryMislabelled], Failed().Succeeds(2, "A1 B2 A3", attempt: 2).Found);
        Assert.Equal([ViolationKind.RetryMislabelled], Failed().Succeeds(1, "A1 B2 A3", attempt: 1).Found);
        Assert.Equal([ViolationKind.RetryMislabelled], Arrived().Starts(1, "A1 B2 A3").FailsFrom(1, 1).Succeeds(1, "B2 A3").Found);
        Assert.Empty(Arrived().Throttles(1, "A1 B2").Succeeds(1, "A1 B2").Found);
    }

    [Fact]
    public void Another_lane_goes_on_with_other_keys() => Assert.Empty(Failed().Succeeds(2, "C4", lane: 1).Succeeds(1, "A1 B2 A3", attempt: 2).Found);

    [Fact]
    public void Nothing_is_tried_after_its_last_retry()
    {
        ToldHistory spent = Failed().Fails(1, "A1 B2 A3", attempt: 2);

        Assert.Empty(spent.Found);
        Assert.Equal([ViolationKind.RetriedTooOften], spent.Succeeds(1, "A1 B2 A3", attempt: 3).Found);
    }

    [Fact]
    public void A_batch_that_failed_is_cut_in_two_halves_the_smaller_one_first()
    {
        Assert.Empty(Failed(Bisecting).Fails(2, "A1").Fails(2, "A1", attempt: 2).Exhausts("A1", 2).Fails(3, "B2 A3").Succeeds(4, "B2").Succeeds(5, "A3").Found);
        Assert.Contains(ViolationKind.BisectedWrongly, Failed(Bisecting).Succeeds(2, "A1 B2").Found);
        Assert.Contains(ViolationKind.BisectedWrongly, Failed(Bisecting).Succeeds(1, "A1 B2 A3", attempt: 2).Found);
        Assert.Contains(ViolationKind.BisectedWrongly, Failed(Bisecting).Succeeds(2, "B2 A3").Found);
    }

    [Fact]
    public void Splitting_spends_no_retry() => Assert.Contains(
        ViolationKind.DiscardedWithRetriesLeft, Failed(Bisecting).Fails(2, "A1").Exhausts("A1", 2).Found);

    [Fact]
    public void A_batch_is_discarded_when_its_retries_are_spent()
    {
        Assert.Empty(Failed().Fails(1, "A1 B2 A3", attempt: 2).Exhausts("A1 B2 A3", 2).Succeeds(2, "C4").Saves(5).Finish());
        Assert.Equal([ViolationKind.DiscardedWithRetriesLeft], Failed().Exhausts("A1 B2 A3", 1).Found);
        Assert.Equal([ViolationKind.DiscardMiscounted], Failed().Fails(1, "A1 B2 A3", attempt: 2).Exhausts("A1 B2 A3", 3).Found);
        Assert.Equal([ViolationKind.DiscardedWithRetriesLeft], Failed(new EventSourceMapping()).Exhausts("A1 B2 A3", 1).Found);
    }

    [Fact]
    public void Exactly_the_records_that_failed_are_discarded()
    {
        Assert.Equal([ViolationKind.DiscardedOtherRecords], Failed().Fails(1, "A1 B2 A3", attempt: 2).Exhausts("A1 B2", 2).Found);
        Assert.Equal([ViolationKind.DiscardedOtherRecords], Failed().Fails(1, "A1 B2 A3", attempt: 2).Exhausts("A1 A3", 2).Found);
        Assert.Equal([ViolationKind.DiscardedOtherRecords], Arrived().Exhausts("C4", 2).Found);
        Assert.Contains(ViolationKind.DiscardedOtherRecords, Arrived().Starts(1, "A1 B2").At(60).Ages("A1", 1).Found);
    }

    [Fact]
    public void A_record_that_is_larger_than_an_event_fails_without_being_tried() => Assert.Empty(
        ToldHistory.Of(OneRetry).Arrives("A1", padding: 5_000_000).Exhausts("A1", 2).Finish());

    [Fact]
    public void Records_are_discarded_for_their_age_when_they_have_it()
    {
        Assert.Empty(Failed().At(60).Ages("A1 B2 A3", 1).Found);
        Assert.Empty(Arrived().At(60).Ages("A1 B2", 1).Succeeds(1, "A3 C4").Found);
        Assert.Equal([ViolationKind.DiscardedTooYoung], Failed().At(59.999).Ages("A1 B2 A3", 1).Found);
        Assert.Equal([ViolationKind.DiscardedTooYoung], Failed(OneRetry with { MaximumRecordAge = null }).At(600).Ages("A1 B2 A3", 1).Found);
        Assert.Equal([ViolationKind.DiscardMiscounted], Failed().At(60).Ages("A1 B2 A3", 2).Found);
    }

    [Fact]
    public void What_is_left_when_the_first_records_are_too_old_counts_as_new() => Assert.Empty(
        Failed().At(60).Ages("A1", 1).Fails(2, "B2 A3").Fails(2, "B2 A3", attempt: 2).Exhausts("B2 A3", 2).Found);

    [Fact]
    public void A_discard_has_a_destination_that_gets_it()
    {
        ToldHistory without = ToldHistory.Of(OneRetry with { MaximumRetryAttempts = 0 }, promises => promises with { HasDestination = false });
        Assert.Equal([ViolationKind.DiscardedWithoutDestination], without.Arrives("A1").Fails(1, "A1").Exhausts("A1", 1).Finish());

        ToldHistory refused = ToldHistory.Of(OneRetry with { MaximumRetryAttempts = 0 }).Arrives("A1").Fails(1, "A1");
        refused.Discards("A1", DiscardReason.RetryAttemptsExhausted, 1).Delivers("A1", "no such queue");
        Assert.Equal([ViolationKind.DiscardUndelivered], refused.Finish());
    }

    [Fact]
    public void Records_that_have_left_retention_are_passed_in_silence()
    {
        ToldHistory old = Failed(new EventSourceMapping()).At(86_400).Arrives("A5");
        Assert.Empty(old.Succeeds(2, "A5").Saves(6).Found);
        Assert.Contains(ViolationKind.LeftRetention, old.Finish());

        Assert.Equal(
            [ViolationKind.RemainderBroken, ViolationKind.OvertookUnsettled], Failed(new EventSourceMapping()).At(86_399).Arrives("A5").Succeeds(2, "A5").Found);
    }

    [Fact]
    public void A_new_machine_begins_afresh_with_what_is_not_settled() => Assert.Empty(Failed().Restarts(1).Succeeds(2, "A1").Succeeds(3, "B2 A3").Found);

    private static ToldHistory Arrived(EventSourceMapping? mapping = null) => ToldHistory.Of(mapping ?? OneRetry).Arrives("A1 B2 A3 C4");

    private static ToldHistory Failed(EventSourceMapping? mapping = null) => Arrived(mapping).Fails(1, "A1 B2 A3");
}
