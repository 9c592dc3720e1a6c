using System.Buffers;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Mappings.Ordering;

public class ReadAheadTests
{
    private const int Full = ReadAhead.RecordsMax;

    private readonly ScriptedSequencer _sequencer = new();
    private readonly ReadAhead _readAhead;

    public ReadAheadTests() => _readAhead = new ReadAhead(_sequencer, new EventSourceMapping(), new ShardContext());

    [Fact]
    public void Everything_is_held_up_to_the_bound()
    {
        _readAhead.AcceptMain(Records(1, Full + 1, "z"));

        Assert.Equal(Full, _readAhead.HeldRecords);
        Assert.Equal(ShardPosition.At(Some.Number(Full + 1)), _readAhead.MainPosition);
        Assert.False(_readAhead.MayRead);
    }

    [Fact]
    public void Bytes_count_as_well()
    {
        _readAhead.AcceptMain(Records(1, 11, "z", bytes: 1024 * 1024));

        Assert.Equal(10, _readAhead.HeldRecords);
        Assert.Equal(ShardPosition.At(Some.Number(11)), _readAhead.MainPosition);
    }

    [Fact]
    public void Reading_goes_on_when_half_of_the_records_are_resolved()
    {
        _readAhead.AcceptMain(Records(1, Full, "z"));
        _readAhead.Resolve(new StreamRecord[(Full / 2) - 1]);
        Assert.False(_readAhead.MayRead);
        _readAhead.Resolve(new StreamRecord[1]);

        Assert.True(_readAhead.MayRead);
        Assert.Equal(Full / 2, _readAhead.ReadLimit);
    }

    [Fact]
    public void A_pass_skips_what_only_groups_that_were_refused_could_use()
    {
        FillUp();
        _sequencer.Claimed.Add(Hash("b"));
        _readAhead.AcceptMain(Records("a", "a", "a", "a", "b", "a", "b"));
        _sequencer.Claimed.Remove(Hash("b"));
        Release("a");
        _readAhead.LookForCatchUp();
        _sequencer.Claimed.Add(Hash("a"));
        _readAhead.AcceptCatchUp(Records("a", "a"));
        Assert.Equal(ShardPosition.At(Some.Number(Full + 5)), _readAhead.CatchUpPosition);
        _readAhead.AcceptCatchUp(Records(Full + 5, "b", "a", "b"));

        Assert.Equal([Full + 5, Full + 7], _sequencer.Enqueued);
        Assert.Equal(Some.Number(Full + 1), _readAhead.LowestBehind);
    }

    [Fact]
    public void A_pass_in_which_everyone_was_refused_does_not_read_on()
    {
        FillUp();
        _sequencer.Claimed.Add(Hash("b"));
        _readAhead.AcceptMain(Records("a", "b", "b", "a", "a", "b"));
        Release("a");
        _readAhead.LookForCatchUp();
        _readAhead.AcceptCatchUp(Records("a"));
        _sequencer.Claimed.Add(Hash("a"));
        _readAhead.AcceptCatchUp(Records(Full + 2, "b", "b", "a"));

        Assert.Null(_readAhead.CatchUpPosition);
        Assert.Equal(Some.Number(Full + 2), _readAhead.LowestBehind);
        Assert.Equal([Full + 1], _sequencer.Enqueued);
    }

    [Fact]
    public void Past_the_bound_a_hungry_lane_is_fed_and_claimed_groups_fall_behind()
    {
        FillUp();
        _readAhead.AcceptMain(Records("a", "b", "a"));

        Assert.Equal([Full + 2], _sequencer.Enqueued);
        Assert.True(_readAhead.HasBehind);
        Assert.Equal(Some.Number(Full + 1), _readAhead.LowestBehind);
        Assert.Equal(ShardPosition.After(Some.Number(Full + 3)), _readAhead.MainPosition);
    }

    [Fact]
    public void A_group_that_is_behind_stays_behind_although_there_is_room_again()
    {
        FillUp();
        _readAhead.AcceptMain(Records("a"));
        _readAhead.Resolve(new StreamRecord[Full]);
        _readAhead.AcceptMain(Records(Full + 2, 1, "a"));

        Assert.Empty(_sequencer.Enqueued);
        Assert.Equal(Some.Number(Full + 1), _readAhead.LowestBehind);
    }

    [Fact]
    public void A_group_that_is_free_again_catches_up()
    {
        FillUp();
        _readAhead.AcceptMain(Records("a", "b", "a"));
        Release("a");
        _readAhead.LookForCatchUp();
        Assert.Equal(ShardPosition.At(Some.Number(Full + 1)), _readAhead.CatchUpPosition);
        _readAhead.AcceptCatchUp(Records("a", "b", "a"));

        Assert.Equal([Full + 2, Full + 1, Full + 3], _sequencer.Enqueued);
        Assert.False(_readAhead.HasBehind);
        Assert.Null(_readAhead.CatchUpPosition);
    }

    [Fact]
    public void A_pass_goes_on_until_it_meets_the_main_cursor()
    {
        FillUp();
        _readAhead.AcceptMain(Records("a", "a", "a"));
        Release("a");
        _readAhead.LookForCatchUp();
        _readAhead.AcceptCatchUp(Records("a", "a"));
        Assert.Equal(ShardPosition.At(Some.Number(Full + 2).Next()), _readAhead.CatchUpPosition);
        _readAhead.AcceptMain(Records(Full + 4, 1, "a"));
        _readAhead.AcceptCatchUp(Records(Full + 3, 3, "a"));

        Assert.Equal([Full + 1, Full + 2, Full + 3, Full + 4], _sequencer.Enqueued);
        Assert.False(_readAhead.HasBehind);
    }

    [Fact]
    public void A_group_released_in_the_middle_of_a_pass_does_not_lose_what_lies_before_the_pass()
    {
        FillUp();
        _sequencer.Claimed.Add(Hash("b"));
        _readAhead.AcceptMain(Records("a", "b", "a", "b"));
        Release("b");
        _readAhead.LookForCatchUp();
        Release("a");
        _readAhead.AcceptCatchUp(Records(Full + 2, "b", "a", "b"));
        Assert.Equal([Full + 2, Full + 4], _sequencer.Enqueued);
        Assert.Equal(Some.Number(Full + 1), _readAhead.LowestBehind);
        _readAhead.LookForCatchUp();
        _readAhead.AcceptCatchUp(Records("a", "b", "a", "b"));

        Assert.Equal([Full + 2, Full + 4, Full + 1, Full + 3], _sequencer.Enqueued);
        Assert.False(_readAhead.HasBehind);
    }

    [Fact]
    public void A_group_refused_in_the_middle_of_a_pass_stays_behind_from_there()
    {
        FillUp();
        _readAhead.AcceptMain(Records("a", "a", "a"));
        Release("a");
        _readAhead.LookForCatchUp();
        _readAhead.AcceptCatchUp(Records("a"));
        _sequencer.Claimed.Add(Hash("a"));
        _readAhead.AcceptCatchUp(Records(Full + 2, 2, "a"));

        Assert.Equal([Full + 1], _sequencer.Enqueued);
        Assert.Equal(Some.Number(Full + 2), _readAhead.LowestBehind);
        Assert.Null(_readAhead.CatchUpPosition);
    }

    [Fact]
    public void When_nobody_is_hungry_reading_waits()
    {
        FillUp();
        _sequencer.HasHungry = false;
        _readAhead.AcceptMain(Records("b"));

        Assert.False(_readAhead.MayRead);
        Assert.Empty(_sequencer.Enqueued);
        Assert.Equal(ShardPosition.At(Some.Number(Full + 1)), _readAhead.MainPosition);
    }

    // The bound is reached, lanes are hungry, and group a is claimed.
    private void FillUp()
    {
        _readAhead.AcceptMain(Records(1, Full, "z"));
        _sequencer.Enqueued.Clear();
        _sequencer.HasHungry = true;
        _sequencer.Claimed.Add(Hash("a"));
    }

    private void Release(string key)
    {
        _sequencer.Claimed.Remove(Hash(key));
        _readAhead.GroupsMayBeFree();
    }

    private static UInt128 Hash(string key) => HashKeyRange.HashOf(System.Text.Encoding.UTF8.GetBytes(key));

    private static ReadOnlySequence<StreamRecord> Records(params string[] keys) => Records(Full + 1, keys);

    private static ReadOnlySequence<StreamRecord> Records(int first, params string[] keys) => new([.. keys.Select((key, i) => Some.Record(first + i, key))]);

    private static ReadOnlySequence<StreamRecord> Records(int first, int count, string key, int bytes = 0) =>
        new([.. Enumerable.Range(first, count).Select(n => Some.Record(n, key, bytes))]);

    private sealed class ScriptedSequencer : PartitionKeySequencer
    {
        public List<int> Enqueued { get; } = [];

        public HashSet<UInt128> Claimed { get; } = [];

        public bool HasHungry { get; set; }

        public override bool HasHungryLane => HasHungry;

        public override SequenceNumber? LowestWaiting => null;

        public override UInt128 GroupOf(in StreamRecord record) => record.KeyHash;

        public override void Enqueue(in StreamRecord record, int eventLength) => Enqueued.Add(Some.Label(record));

        public override Admission Admit(UInt128 group) => Claimed.Contains(group) ? Admission.FallBehind : Admission.Take;

        public override bool WantsCatchUp(UInt128 group) => !Claimed.Contains(group);

        public override Waiting WaitingFor(int lane) => default;

        public override long? FirstArrival(int lane) => null;

        public override int Take(int lane, Span<StreamRecord> into, BatchBudget budget) => 0;

        public override void Release(int lane) => Enqueued.Clear();

        public override void CollectWaiting(Dictionary<UInt128, SequenceNumber> lowest) => lowest.Clear();
    }
}
