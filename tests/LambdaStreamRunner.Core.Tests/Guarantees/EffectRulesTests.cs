using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Core.Tests.Guarantees;

public class EffectRulesTests
{
    private static readonly EventSourceMapping Mapping = new() { ParallelizationFactor = 2 };

    [Fact]
    public void Effects_in_the_order_of_the_records_break_nothing() => Assert.Empty(
        Started("A1 B2 A3").Does(1, "A1 B2 A3").Succeeds(1).Starts(2, "A4").Does(2, "A4").Succeeds(2).Finish());

    [Fact]
    public void Keys_may_be_worked_on_side_by_side() => Assert.Empty(Started("A1 B2 A3").Does(1, "B2 A1 A3").Succeeds(1).Succeeds(2, "A4").Found);

    [Fact]
    public void A_handler_that_works_on_records_of_one_key_at_once_is_found_out() => Assert.Equal(
        [ViolationKind.EffectOutOfOrder], Started("A1 B2 A3").Does(1, "A3 B2 A1").Succeeds(1).Found);

    [Fact]
    public void A_handler_that_goes_on_after_a_failed_record_of_the_key_is_found_out()
    {
        ToldHistory history = Started("A1 B2 A3").Does(1, "B2 A3").FailsFrom(1, 0).Starts(1, "A1 B2 A3", attempt: 2);

        Assert.Equal([ViolationKind.EffectOutOfOrder], history.Does(1, "A1").Found);
    }

    [Fact]
    public void A_repetition_is_in_order_as_well()
    {
        Assert.Empty(Repeated().Does(1, "A1 A3").Found);
        Assert.Equal([ViolationKind.EffectOutOfOrder], Repeated().Does(1, "A3 A1").Found);
    }

    [Fact]
    public void A_record_that_was_given_up_before_a_crash_may_have_its_effect_late()
    {
        ToldHistory history = ToldHistory.Of(Mapping with { MaximumRetryAttempts = 0 }, promises => promises with { HasDestination = true })
            .Arrives("A1 A3 A4").Fails(1, "A1 A3").Exhausts("A1 A3", count: 1).Starts(2, "A4").Does(2, "A4").Restarts(1);

        Assert.Empty(history.Starts(3, "A1 A3 A4").Does(3, "A1 A3 A4").Found);
    }

    [Fact]
    public void An_effect_after_the_end_of_its_invocation_is_found_out()
    {
        Assert.Equal([ViolationKind.EffectOutsideInvocation], Started("A1").Succeeds(1).Does(1, "A1", isWithin: false).Found);
        Assert.Equal([ViolationKind.EffectOutsideInvocation], Started("A1").Succeeds(1).Does(1, "A1").Found);
    }

    [Fact]
    public void An_effect_belongs_to_a_record_of_its_invocation()
    {
        Assert.Equal([ViolationKind.EffectUnexplained], Started("A1").Does(1, "A3").Found);
        Assert.Equal([ViolationKind.EffectUnexplained], Started("A1").Does(1, "C9").Found);
        Assert.Equal([ViolationKind.EffectUnexplained], Started("A1").Does(1, "A1 A1").Found);
    }

    [Fact]
    public void A_record_that_succeeded_has_its_effect()
    {
        Assert.Contains(ViolationKind.EffectMissing, Started("A1 B2").Does(1, "A1").Succeeds(1).Succeeds(2, "A3 A4").Finish());
        Assert.DoesNotContain(ViolationKind.EffectMissing, Started("A1 B2").Succeeds(1).Succeeds(2, "A3 A4").Finish());
    }

    [Fact]
    public void A_record_that_failed_need_not_have_one() => Assert.DoesNotContain(
        ViolationKind.EffectMissing, Started("A1 B2").Does(1, "A1").FailsFrom(1, 1).Finish());

    [Fact]
    public void A_record_that_was_given_up_may_have_its_effect_late_after_a_restart()
    {
        ToldHistory history = ToldHistory.Of(Mapping with { MaximumRetryAttempts = 0 }).Arrives("A1 A3").Fails(1, "A1").Exhausts("A1", 1);

        Assert.Empty(history.Starts(2, "A3").Does(2, "A3").Succeeds(2).Restarts(1).Starts(3, "A1 A3").Does(3, "A1 A3").Succeeds(3).Finish());
    }

    [Fact]
    public void A_handler_that_is_known_to_have_effects_must_have_some()
    {
        Assert.Empty(Started("A1 B2").Succeeds(1).Succeeds(2, "A3 A4").Finish());
        Assert.Contains(ViolationKind.EffectMissing, Started("A1 B2", promises => promises with { ExpectsEffects = true }).Succeeds(1).Succeeds(2, "A3 A4").Finish());
    }

    [Fact]
    public void Effects_may_be_repeated_unless_they_must_be_made_once()
    {
        Assert.Empty(Repeated().Does(1, "A1").Found);
        Assert.Equal([ViolationKind.EffectRepeated], Repeated(promises => promises with { EffectsExactlyOnce = true }).Does(1, "A1").Found);
    }

    [Fact]
    public void Other_effects_can_be_expected_and_none_at_all()
    {
        static ToldHistory With(Func<Core.Streams.StreamRecord, EffectExpectation?>? effects) =>
            Started("A1 B2", promises => promises with { Effects = effects }).Does(1, "A1").Succeeds(1).Succeeds(2, "A3 A4");

        Assert.Empty(With(null).Finish());
        Assert.Empty(With(record => record.PartitionKey == "A" && record.DataLength == 1 && record.Data.Span[0] == '1' ? new EffectExpectation("A", "1") : null).Finish());
        Assert.Contains(ViolationKind.EffectUnexplained, With(_ => new EffectExpectation("total", "1")).Finish());
    }

    [Fact]
    public void Between_partition_keys_that_change_the_same_no_order_is_promised()
    {
        ToldHistory history = Started("A1 B2 A3", promises => promises with
        {
            Effects = record => new EffectExpectation("T", System.Text.Encoding.UTF8.GetString(record.Data.Span)),
        });

        Assert.Empty(history.Does(1, "T2 T1 T3").Found);
    }

    [Fact]
    public void Equal_effects_are_told_apart_by_their_number() => Assert.Empty(
        Started("A1 A3", promises => promises with { Effects = _ => new EffectExpectation("A", "x") }).Does(1, "Ax Ax").Succeeds(1).Found);

    [Fact]
    public void The_last_record_first_and_so_on_is_found_out_in_time_for_the_largest_batch()
    {
        const int Records = EventSourceMappingLimits.BatchSizeMax;
        string[] words = [.. Enumerable.Range(1, Records).Select(number => $"A{number}")];
        ToldHistory history = ToldHistory.Of(Mapping with { BatchSize = Records }).Arrives(string.Join(' ', words)).Starts(1, string.Join(' ', words));
        Array.Reverse(words);

        history.Does(1, string.Join(' ', words)).Succeeds(1);

        Assert.Equal(Records - 1, history.Checker.CountOf(ViolationKind.EffectOutOfOrder));
        Assert.Equal(Records - 1, history.Checker.ViolationCount);
    }

    private static ToldHistory Started(string records, Func<HistoryPromises, HistoryPromises>? with = null) =>
        ToldHistory.Of(Mapping, with).Arrives("A1 B2 A3 A4").Starts(1, records);

    private static ToldHistory Repeated(Func<HistoryPromises, HistoryPromises>? with = null) =>
        Started("A1 A3", with).Does(1, "A1").FailsFrom(1, 0).Starts(1, "A1 A3", attempt: 2);
}
