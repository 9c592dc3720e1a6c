using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Windows;

namespace LambdaStreamRunner.Core.Tests.Guarantees;

public class BatchRulesTests
{
    private static readonly EventSourceMapping Small = new() { BatchSize = 2, ParallelizationFactor = 2 };
    private static readonly EventSourceMapping Patient = new() { BatchSize = 3, MaximumBatchingWindow = TimeSpan.FromSeconds(5) };
    private static readonly EventSourceMapping Tumbling = new() { TumblingWindow = TimeSpan.FromSeconds(10) };

    [Fact]
    public void A_history_in_which_nothing_is_wrong_breaks_nothing() => Assert.Empty(
        ToldHistory.Of(Small).Arrives("A1 B2 A3").Starts(1, "A1 A3").Starts(2, "B2", lane: 1).Succeeds(2).Saves(1).Succeeds(1).Saves(4).Finish());

    [Fact]
    public void What_the_live_checker_finds_is_found_with_its_place_in_the_history()
    {
        ToldHistory history = ToldHistory.Of(Small).Arrives("A1 A2").Starts(1, "A1").At(3).Starts(2, "A2", lane: 1);

        Violation violation = Assert.Single(history.Checker.Violations);
        Assert.Equal((ViolationKind.KeyInTwoBatches, "one", 4, Some.Time.AddSeconds(3)), (violation.Kind, violation.ShardId, violation.StepIndex!.Value, violation.Time!.Value));
    }

    [Fact]
    public void A_batch_has_BatchSize_records_at_most()
    {
        Assert.Equal([ViolationKind.BatchTooLarge], ToldHistory.Of(Small).Arrives("A1 A2 A3").Starts(1, "A1 A2 A3").Found);
        Assert.Empty(ToldHistory.Of(Small).Arrives("A1 A2 A3").Starts(1, "A1 A2").Found);
    }

    [Fact]
    public void No_more_batches_run_than_ParallelizationFactor_allows()
    {
        ToldHistory two = ToldHistory.Of(Small).Arrives("A1 B2 C3").Starts(1, "A1").Starts(2, "B2", lane: 1);

        Assert.Empty(two.Found);
        Assert.Equal([ViolationKind.TooManyBatches], two.Starts(3, "C3", lane: 2).Found);
    }

    [Fact]
    public void A_lane_runs_once_at_a_time()
    {
        Assert.Contains(ViolationKind.LaneRanTwice, ToldHistory.Of(Small).Arrives("A1 B2").Starts(1, "A1").Starts(2, "B2").Found);
        Assert.Empty(ToldHistory.Of(Small).Arrives("A1 B2").Succeeds(1, "A1").Starts(2, "B2").Found);
    }

    [Fact]
    public void A_batch_has_records_of_its_shard_only()
    {
        Assert.Equal([ViolationKind.RecordOfElsewhere], ToldHistory.Of(Small).Arrives("A1").Starts(1, "A1 B2").Found);
        Assert.Equal([ViolationKind.RecordOfElsewhere], ToldHistory.Of(Small).Arrives("A1").On("two").Begins().Starts(1, "A1").Found);
        Assert.Empty(ToldHistory.Of(Small).Arrives("A1 B2").Starts(1, "A1 B2").Found);
    }

    [Fact]
    public void An_event_has_6_MB_at_most()
    {
        const int HalfOfIt = 2_359_000;
        Assert.Equal([ViolationKind.EventTooLarge], ToldHistory.Of(Small).Arrives("A1 A2", HalfOfIt + 1_000).Starts(1, "A1 A2").Found);
        Assert.Empty(ToldHistory.Of(Small).Arrives("A1 A2", HalfOfIt - 1_000).Starts(1, "A1 A2").Found);
        Assert.Equal(
            [ViolationKind.EventTooLarge],
            ToldHistory.Of(Small, promises => promises with { FixedRecordLength = 1_800 }).Arrives("A1 A2", HalfOfIt - 1_000).Starts(1, "A1 A2").Found);
    }

    [Fact]
    public void A_batch_without_records_ends_a_tumbling_window()
    {
        Assert.Equal([ViolationKind.BatchWithoutPurpose], ToldHistory.Of(Small).Starts(1, "").Found);
        Assert.Equal([ViolationKind.BatchWithoutPurpose], ToldHistory.Of(Tumbling).Arrives("A1").Starts(1, "A1", window: Window(0, WindowEnding.Complete)).Found);
        Assert.Empty(ToldHistory.Of(Tumbling).Starts(1, "", window: Window(0, WindowEnding.Complete)).Found);
    }

    [Fact]
    public void A_batch_has_records_of_one_tumbling_window()
    {
        Assert.Equal([ViolationKind.RecordOutsideWindow], ToldHistory.Of(Tumbling).At(10).Arrives("A1").Starts(1, "A1", window: Window(0)).Found);
        Assert.Equal([ViolationKind.RecordOutsideWindow], ToldHistory.Of(Tumbling).Arrives("A1").Starts(1, "A1").Found);
        Assert.Empty(ToldHistory.Of(Tumbling).At(9.999).Arrives("A1").Starts(1, "A1", window: Window(0)).Found);
    }

    [Fact]
    public void A_batch_that_is_not_full_waits_for_its_window()
    {
        ToldHistory gathering = ToldHistory.Of(Patient).Arrives("A1 A2 A3 A4").Starts(1, "A1 A2 A3", closedBy: FlushReason.Size).At(1).Succeeds(1);
        Assert.Empty(gathering.At(6).Starts(2, "A4", closedBy: FlushReason.Window).Found);

        ToldHistory hasty = ToldHistory.Of(Patient).Arrives("A1 A2 A3 A4").Starts(1, "A1 A2 A3", closedBy: FlushReason.Size).At(1).Succeeds(1);
        Assert.Equal([ViolationKind.ClosedTooEarly], hasty.At(5.999).Starts(2, "A4", closedBy: FlushReason.Window).Found);
    }

    [Fact]
    public void The_first_window_runs_from_the_begin_of_the_machine()
    {
        Assert.Equal([ViolationKind.ClosedTooEarly], ToldHistory.Of(Patient).At(4).Arrives("A1").Starts(1, "A1", closedBy: FlushReason.Window).Found);
        Assert.Empty(ToldHistory.Of(Patient).At(5).Arrives("A1").Starts(1, "A1", closedBy: FlushReason.Window).Found);
    }

    [Theory]
    [InlineData(FlushReason.Size, "A1 A2", "A1 A2 A3")]
    [InlineData(FlushReason.Payload, "A1 A2", null)]
    public void A_batch_that_is_called_full_is_full(FlushReason why, string notFull, string? full)
    {
        Assert.Equal([ViolationKind.ClosedTooEarly], ToldHistory.Of(Patient).Arrives("A1 A2 A3").Starts(1, notFull, closedBy: why).Found);
        if (full is not null)
            Assert.Empty(ToldHistory.Of(Patient).Arrives("A1 A2 A3").Starts(1, full, closedBy: why).Found);
        else
            Assert.Empty(ToldHistory.Of(Patient).Arrives("A1 A2 A3", padding: 1_700_000).Starts(1, notFull, closedBy: why).Found);
    }

    [Fact]
    public void A_batch_is_closed_by_the_end_of_its_shard_after_that_end()
    {
        Assert.Equal([ViolationKind.ClosedTooEarly], ToldHistory.Of(Patient).Arrives("A1").Starts(1, "A1", closedBy: FlushReason.ShardEnd).Found);
        Assert.Equal(
            [ViolationKind.ClosedTooEarly], ToldHistory.Of(Patient).Creates("two").Begins().Closes().On("one").Arrives("A1").Starts(1, "A1", closedBy: FlushReason.ShardEnd).Found);
        Assert.Empty(ToldHistory.Of(Patient).Arrives("A1").Closes().Starts(1, "A1", closedBy: FlushReason.ShardEnd).Found);
    }

    [Fact]
    public void A_batch_that_was_gathered_says_why_it_was_closed()
    {
        Assert.Equal([ViolationKind.ClosedTooEarly], ToldHistory.Of(Patient).At(6).Arrives("A1").StartsWithoutReason(1, "A1").Found);
        Assert.Empty(ToldHistory.Of(Patient).Arrives("A1").At(5).Starts(1, "A1").Fails(1).StartsWithoutReason(1, "A1", attempt: 2).Found);
        Assert.Empty(ToldHistory.Of(Patient with { MaximumRecordAge = TimeSpan.FromMinutes(1) }).Arrives("A1").At(60).Arrives("A2").Ages("A1", 1).StartsWithoutReason(1, "A2").Found);
    }

    [Fact]
    public void A_batch_that_is_called_drained_is_believed_unless_nobody_drains()
    {
        ToldHistory Drained(bool may) => ToldHistory.Of(Patient, promises => promises with { MayBeDrained = may }).Arrives("A1").Starts(1, "A1", closedBy: FlushReason.Drain);

        Assert.Empty(Drained(may: true).Found);
        Assert.Equal([ViolationKind.ClosedTooEarly], Drained(may: false).Found);
    }

    [Fact]
    public void A_lane_that_is_idle_does_not_let_records_wait()
    {
        Assert.Equal([ViolationKind.ClosedTooLate], Polled().At(3).Arrives("A1").At(6.001).Starts(1, "A1").Found);
        Assert.Empty(Polled().At(3).Arrives("A1").At(5).Starts(1, "A1").Found);
        Assert.Empty(Polled().At(5.5).Arrives("A1").At(6.5).Starts(1, "A1").Found);
        Assert.Empty(Polled().Arrives("A1 A2").At(5).Starts(1, "A1").At(9).Succeeds(1).At(14).Starts(2, "A2").Found);
        Assert.Equal([ViolationKind.ClosedTooLate], Polled().Arrives("A1 A2").At(5).Starts(1, "A1").At(9).Succeeds(1).At(14.001).Starts(2, "A2").Found);
    }

    [Fact]
    public void A_full_batch_does_not_wait_for_its_window()
    {
        Assert.Equal([ViolationKind.ClosedTooLate], Polled().At(0.5).Arrives("A1 A2 A3").At(5).Starts(1, "A1 A2 A3", closedBy: FlushReason.Size).Found);
        Assert.Empty(Polled().At(0.5).Arrives("A1 A2 A3").At(1.5).Starts(1, "A1 A2 A3", closedBy: FlushReason.Size).Found);
        Assert.Empty(Polled().At(0.5).Arrives("A1 A2").At(3).Arrives("A3").At(4).Starts(1, "A1 A2 A3", closedBy: FlushReason.Size).Found);

        ToldHistory Busy() => Polled().Arrives("A1 A2 A3 A4 A5 A6").At(1).Starts(1, "A1 A2 A3", closedBy: FlushReason.Size).At(9).Succeeds(1);
        Assert.Empty(Busy().Starts(2, "A4 A5 A6", closedBy: FlushReason.Size).Found);
        Assert.Equal([ViolationKind.ClosedTooLate], Busy().At(9.001).Starts(2, "A4 A5 A6", closedBy: FlushReason.Size).Found);
    }

    [Fact]
    public void A_lane_is_judged_again_once_a_large_backlog_is_settled()
    {
        ToldHistory Crowded() => Polled().Arrives("A1 A2 A3", padding: 2_000_000);
        ToldHistory Emptied() => Crowded().At(5).Starts(1, "A1").At(9).Succeeds(1).At(20).Starts(2, "A2").Succeeds(2).At(30).Starts(3, "A3").Succeeds(3);

        Assert.Empty(Emptied().At(35).Arrives("A4").At(60).Starts(4, "A4").Found);
        Assert.Empty(Emptied().At(50).Arrives("A4").At(51).Starts(4, "A4").Found);
        Assert.Equal([ViolationKind.ClosedTooLate], Emptied().At(50).Arrives("A4").At(51.001).Starts(4, "A4").Found);
    }

    [Fact]
    public void A_lane_is_judged_when_only_what_is_settled_is_a_day_old()
    {
        ToldHistory Aged() => Polled().Arrives("A1 A2").At(5).Starts(1, "A1").Succeeds(1);

        Assert.Equal(
            [ViolationKind.ClosedTooLate],
            Aged().At(10).Starts(2, "A2").Succeeds(2).At(90_000).Arrives("A3").At(90_002).Starts(3, "A3").Found);
        Assert.Empty(Aged().At(90_000).Arrives("A3").At(90_002).Starts(3, "A3").Found);
    }

    [Fact]
    public void A_lane_whose_keys_were_in_flight_elsewhere_is_not_late()
    {
        EventSourceMapping dynamic = Patient with { LanePolicy = LanePolicy.DynamicKeys, ParallelizationFactor = 2 };
        ToldHistory history = ToldHistory.Of(dynamic, promises => promises with { ReadWithin = TimeSpan.Zero });

        Assert.Empty(history.Arrives("A1 A2").At(5).Starts(1, "A1").At(20).Succeeds(1).Starts(2, "A2", lane: 1).Found);
        Assert.Equal([ViolationKind.ClosedTooLate], history.Succeeds(2).At(30).Arrives("A3").At(31).Starts(3, "A3", lane: 1).Found);
    }

    private static ToldHistory Polled() => ToldHistory.Of(Patient, promises => promises with { ReadWithin = TimeSpan.FromSeconds(1) });

    private static TimeWindow Window(int start, WindowEnding ending = WindowEnding.None) =>
        new(new TumblingWindow(Some.Time.AddSeconds(start), Some.Time.AddSeconds(start + 10), TumblingWindow.EmptyState), ending);
}
