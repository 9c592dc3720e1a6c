using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Guarantees;

public class EndOfHistoryTests
{
    private static readonly EventSourceMapping Mapping = new();
    private static readonly EventSourceMapping OnlyA = new() { FilterCriteria = FilterCriteria.Parse("""{"partitionKey":["A"]}""") };

    [Fact]
    public void Every_record_comes_to_its_end()
    {
        Assert.Empty(ToldHistory.Of(OnlyA).Arrives("A1 B2").Succeeds(1, "A1").Filters("B2").Finish());
        Assert.Equal([ViolationKind.Lost], ToldHistory.Of(Mapping).Arrives("A1 B2").Succeeds(1, "A1").Finish());
        Assert.Equal([ViolationKind.Lost, ViolationKind.Lost], ToldHistory.Of(Mapping).Arrives("A1 B2").Fails(1, "A1 B2").Finish());
    }

    [Fact]
    public void A_record_that_left_retention_first_is_told_apart() => Assert.Equal(
        [ViolationKind.LeftRetention, ViolationKind.Lost], ToldHistory.Of(Mapping).Arrives("A1").At(1).Arrives("A2").At(86_400).Finish());

    [Fact]
    public void Records_before_the_starting_position_are_nobodys_unless_everything_is_expected()
    {
        EventSourceMapping latest = Mapping with { StartingPosition = StartingPosition.Latest };
        ToldHistory Late(bool everything) => new ToldHistory(new HistoryPromises { Mapping = latest, ExpectsEverything = everything })
            .Arrives("A1").Begins(ShardPosition.After(new SequenceNumber(0, 0, 1))).Arrives("A2").Succeeds(1, "A2");

        Assert.Empty(Late(everything: false).Finish());
        Assert.Equal([ViolationKind.Lost], Late(everything: true).Finish());
    }

    [Fact]
    public void A_shard_that_nobody_reads_is_lost_whole() => Assert.Equal(
        [ViolationKind.Lost], ToldHistory.Of(Mapping).Creates("two").Arrives("A1").Finish());

    [Fact]
    public void A_child_shard_is_read_from_its_beginning()
    {
        EventSourceMapping latest = Mapping with { StartingPosition = StartingPosition.Latest };
        ToldHistory history = ToldHistory.Of(latest).Creates("two", "one").Arrives("A1").Begins(ShardPosition.Latest);

        Assert.Equal([ViolationKind.Lost], history.Finish());
    }

    [Fact]
    public void A_checkpoint_passes_nothing_that_nobody_has_seen()
    {
        Assert.Equal([ViolationKind.CheckpointPastUnseen], ToldHistory.Of(Mapping).Arrives("A1 B2").Succeeds(1, "A1").Saves(3).Found);
        Assert.Equal([ViolationKind.CheckpointPastUnsettled], ToldHistory.Of(Mapping).Arrives("A1 B2").Succeeds(1, "A1").Fails(2, "B2").Saves(3).Found);
        Assert.Empty(ToldHistory.Of(OnlyA).Arrives("A1 B2").Succeeds(1, "A1").Saves(2).Filters("B2").Saves(3).Found);
        Assert.Equal([ViolationKind.CheckpointMovedBack], ToldHistory.Of(Mapping).Arrives("A1 B2").Succeeds(1, "A1 B2").Saves(3).Saves(2).Found);
    }

    [Fact]
    public void A_machine_that_begins_again_skips_nothing()
    {
        Assert.Equal([ViolationKind.CheckpointPastUnseen], ToldHistory.Of(Mapping).Arrives("A1 B2 B3").Succeeds(1, "A1").Restarts(3).Found);
        Assert.Equal([ViolationKind.CheckpointPastUnseen], ToldHistory.Of(Mapping).Arrives("A1").Begins(ShardPosition.Latest).Found);
        Assert.Equal([ViolationKind.CheckpointPastUnsettled], ToldHistory.Of(Mapping).Arrives("A1").Fails(1, "A1").Restarts(2).Found);
        Assert.Empty(ToldHistory.Of(Mapping).Arrives("A1 B2 B3").Succeeds(1, "A1").Restarts(2).Found);
        Assert.Empty(ToldHistory.Of(Mapping).Arrives("A1").At(86_400).Restarts(2).Found);
    }

    [Fact]
    public void A_child_begins_when_its_parents_are_done()
    {
        Assert.Empty(Split().On("one").Succeeds(1, "A1").On("two").Succeeds(2, "A2").Found);
        Assert.Equal([ViolationKind.ChildBeforeParent], Split().On("two").Succeeds(2, "A2").Succeeds(3, "A3").Found);
        Assert.Equal([ViolationKind.ChildBeforeParent], Split().On("one").Starts(1, "A1").On("two").Starts(2, "A2").Found);
    }

    [Fact]
    public void A_record_of_a_parent_that_is_read_after_its_child_began_was_open_then()
    {
        ToldHistory history = ToldHistory.Of(Mapping).Creates("two", "one").Creates("three", "two").Begins().Arrives("A9").Succeeds(1, "A9");

        Assert.Equal([ViolationKind.ChildBeforeParent], history.On("one").Arrives("A1").Found);
        Assert.Equal([ViolationKind.ChildBeforeParent, ViolationKind.ChildBeforeParent], history.Succeeds(2, "A1").Found);
        Assert.Equal(2, history.Restarts(1).Succeeds(3, "A1").Found.Length);
    }

    [Fact]
    public void Everything_is_settled_soon_after_the_faults_have_ended()
    {
        static ToldHistory Faulty() => ToldHistory.Of(Mapping, promises => promises with
        {
            FaultsEnd = Some.Time.AddSeconds(100),
            SettledWithin = TimeSpan.FromSeconds(10),
        });

        Assert.Empty(Faulty().Arrives("A1").At(110).Succeeds(1, "A1").Finish());
        Assert.Equal([ViolationKind.SettledTooLate], Faulty().Arrives("A1").At(110.001).Succeeds(1, "A1").Finish());
        Assert.Empty(Faulty().At(200).Arrives("A1").At(210).Succeeds(1, "A1").Finish());
        Assert.Equal([ViolationKind.SettledTooLate], Faulty().At(200).Arrives("A1").At(211).Succeeds(1, "A1").Finish());
    }

    [Fact]
    public void What_is_still_tried_when_the_time_is_over_is_late_and_not_lost_and_so_is_what_waits_for_it()
    {
        static ToldHistory Hasty() => ToldHistory.Of(Mapping, promises => promises with { SettledWithin = TimeSpan.FromSeconds(10) });

        Assert.Equal([ViolationKind.SettledTooLate, ViolationKind.SettledTooLate], Hasty().Arrives("A1 A2").At(1).Fails(1, "A1").At(10).Finish());
        Assert.Equal([ViolationKind.SettledTooLate], Hasty().Arrives("A1").Starts(1, "A1").At(10).Finish());
        Assert.Equal([ViolationKind.Lost], Hasty().Arrives("A1").At(1).Fails(1, "A1").At(9).Finish());
        Assert.Equal([ViolationKind.Lost], Hasty().Arrives("A1 A2").At(1).Succeeds(1, "A1").At(10).Finish());
        Assert.Equal([ViolationKind.Lost], Hasty().Arrives("A1").At(10).Finish());
    }

    [Fact]
    public void Violations_of_one_kind_do_not_hide_those_of_another()
    {
        ToldHistory history = ToldHistory.Of(Mapping);
        for (int i = 1; i <= 200; i++)
            history.Starts(i, "").Succeeds(i);
        history.Arrives("A1");

        Assert.Contains(ViolationKind.Lost, history.Finish());
        Assert.Equal((100, 200L), (history.Found.Count(kind => kind is ViolationKind.BatchWithoutPurpose), history.Checker.CountOf(ViolationKind.BatchWithoutPurpose)));
        Assert.Equal(201, history.Checker.ViolationCount);
    }

    [Fact]
    public void Records_that_arrive_out_of_order_are_no_history() => Assert.Throws<ArgumentException>(() => ToldHistory.Of(Mapping).Arrives("A2 A1"));

    private static ToldHistory Split() => ToldHistory.Of(Mapping).Arrives("A1").Creates("two", "one").Begins().Arrives("A2 A3");
}
