using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Host.Replaying;

namespace LambdaStreamRunner.Host.Tests.Replaying;

/// <summary>Every step is held to the settings of the machine that made it, and to all that its shard did before.</summary>
public class VerdictTests
{
    private const string Parent = "shardId-000000000000";
    private const string Child = "shardId-000000000001";

    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddSeconds(1_767_225_600);
    private static readonly StreamRecord[] Records = [.. Enumerable.Range(1, 6).Select(n =>
        StreamRecord.Create($"key-{n % 2}", [(byte)n], SequenceNumber.Create(Start.ToUnixTimeSeconds(), 0, (ulong)n, Start.ToUnixTimeSeconds()), Start))];

    [Fact]
    public void A_shard_that_has_work_goes_on_while_another_one_begins_with_changed_settings()
    {
        HistoryStep[] steps =
        [
            .. Begun(Parent, ShardPosition.TrimHorizon), .. Arrived(1, 4), Started(1, 0, 1, 1),
            // here the retention of the stream, and the batch size, change
            .. Begun(Child, ShardPosition.TrimHorizon),
            Ended(1, BatchOutcome.Succeeded.Instance), Started(2, 0, 2, 3), Ended(2, new BatchOutcome.Failed("boom")), Started(2, 0, 2, 3, attempt: 2), Ended(2, BatchOutcome.Succeeded.Instance),
            Saved(3),
        ];

        Verdict verdict = Verdict.Of(History(steps, (7, One with { Retention = TimeSpan.FromHours(48), Settings = One.Settings with { BatchSize = 1 } })));

        Assert.Empty(verdict.Broken);
        Assert.Equal(0, verdict.Count);
    }

    [Fact]
    public void A_machine_that_begins_after_a_change_is_held_to_it_and_the_one_before_is_not()
    {
        HistoryStep[] steps =
        [
            .. Begun(Parent, ShardPosition.TrimHorizon), .. Arrived(1, 6), Started(1, 0, 1, 2), Ended(1, BatchOutcome.Succeeded.Instance), Saved(2),
            Began(Parent, ShardPosition.After(Records[1].SequenceNumber)), Started(2, 0, 3, 4), Ended(2, BatchOutcome.Succeeded.Instance),
            Began(Parent, ShardPosition.After(Records[3].SequenceNumber)), Started(3, 0, 5, 6), Ended(3, BatchOutcome.Succeeded.Instance),
        ];

        Verdict verdict = Verdict.Of(History(steps, (11, One with { Settings = One.Settings with { BatchSize = 1 } }), (14, One)));

        BrokenGuarantee broken = Assert.Single(verdict.Broken);
        Assert.Equal(("BatchTooLarge", 12), (broken.Name, broken.StepIndex));
        Assert.Equal(1, verdict.Count);
    }

    [Fact]
    public void What_a_parent_left_open_before_a_change_is_seen_when_its_child_begins_after_it()
    {
        HistoryStep[] steps =
        [
            .. Begun(Parent, ShardPosition.TrimHorizon), .. Arrived(1, 1),
            new HistoryStep.ShardCreated(Start, Child, HashKeyRange.Full, [Parent]), Began(Child, ShardPosition.TrimHorizon),
            new HistoryStep.RecordArrived(Start, Child, Records[1]), Started(1, 0, 2, 2) with { ShardId = Child },
        ];

        Verdict verdict = Verdict.Of(History(steps, (4, One with { Settings = One.Settings with { BatchSize = 7 } })));

        Assert.Equal("ChildBeforeParent", Assert.Single(verdict.Broken).Name);
    }

    private static HistoryMapping One => new() { Name = "one", Settings = new EventSourceMapping { BatchSize = 2 }, OnFailure = "somewhere" };

    private static MappingHistory History(HistoryStep[] steps, params (int StepIndex, HistoryMapping Mapping)[] changes) =>
        new(One, steps) { Changes = [.. changes.Select(change => new SettingsChange(change.StepIndex, change.Mapping))] };

    private static IEnumerable<HistoryStep> Begun(string shard, ShardPosition from) => [new HistoryStep.ShardCreated(Start, shard, HashKeyRange.Full, []), Began(shard, from)];

    private static HistoryStep.MachineBegan Began(string shard, ShardPosition from) => new(Start, shard, new ShardCheckpoint(from));

    private static IEnumerable<HistoryStep> Arrived(int from, int to) => Records[(from - 1)..to].Select(record => new HistoryStep.RecordArrived(Start, Parent, record));

    private static HistoryStep.InvocationStarted Started(byte id, int lane, int from, int to, int attempt = 1) =>
        new(Start, Parent, lane, Id(id), attempt, Records.AsMemory((from - 1)..to))
        {
            ClosedBy = attempt == 1 ? FlushReason.Window : null,
        };

    private static HistoryStep.InvocationEnded Ended(byte id, BatchOutcome outcome) => new(Start, Parent, Id(id), outcome);

    private static HistoryStep.CheckpointSaved Saved(int through) => new(Start, Parent, new ShardCheckpoint(ShardPosition.After(Records[through - 1].SequenceNumber)));

    private static Guid Id(byte id) => new(id, 0, 0, new byte[8]);
}
