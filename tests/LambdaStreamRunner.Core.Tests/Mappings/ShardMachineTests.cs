using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Core.Tests.Mappings;

public class ShardMachineTests
{
    [Fact]
    public void Records_that_the_main_cursor_reads_again_are_counted_once()
    {
        // More than the read-ahead holds: the cursor stops in the middle of a read and returns there.
        var shard = Shard(15_000);
        var loop = new SimulationLoop(
            new EventSourceMapping { BatchSize = 100 }, [shard], (_, _) => new FunctionAnswer(BatchOutcome.Succeeded.Instance, TimeSpan.FromSeconds(1)), new SimulationOptions());
        loop.RunUntilIdle();

        Assert.Equal(15_000, loop.MachineOf(shard).Counters.RecordsRead);
    }

    [Theory]
    [InlineData(LanePolicy.HashLanes, 1, 3)]
    [InlineData(LanePolicy.HashLanes, 21, 15)]
    [InlineData(LanePolicy.HashLanes, 100, 15)]
    [InlineData(LanePolicy.HashLanes, 1_000, 5)]
    [InlineData(LanePolicy.DynamicKeys, 1, 3)]
    [InlineData(LanePolicy.DynamicKeys, 21, 20)]
    [InlineData(LanePolicy.DynamicKeys, 1_000, 2)]
    public void A_long_backlog_is_not_read_over_and_over(LanePolicy policy, int keys, int times)
    {
        const int records = 100_000;
        var shard = new SimulatedShard(0, HashKeyRange.Full);
        for (int n = 1; n <= records; n++)
            shard.Append(Some.Record(n, $"key-{n % keys}"));
        var loop = new SimulationLoop(
            new EventSourceMapping { BatchSize = 10, ParallelizationFactor = 10, LanePolicy = policy },
            [shard],
            (_, _) => new FunctionAnswer(BatchOutcome.Succeeded.Instance, TimeSpan.FromMilliseconds(10)),
            new SimulationOptions());
        loop.RunUntilIdle();

        Assert.Equal(records, loop.History.Invocations.Sum(invocation => invocation.Records.Length));
        Assert.InRange(shard.RecordsRead, records, times * records);
    }

    [Fact]
    public void A_batch_that_the_payload_limit_cut_short_was_not_closed_by_its_size()
    {
        var reasons = new List<(int, FlushReason?)>();
        var shard = Shard(6);
        var loop = new SimulationLoop(
            new EventSourceMapping { BatchSize = 5 },
            [shard],
            (batch, _) =>
            {
                reasons.Add((batch.Records.Length, batch.ClosedBy));
                return new FunctionAnswer(BatchOutcome.Succeeded.Instance, TimeSpan.Zero);
            },
            new SimulationOptions { FixedRecordLength = 1_500_000 });
        loop.RunUntilIdle();

        Assert.Equal([(4, FlushReason.Payload), (2, FlushReason.Window)], reasons);
    }

    [Fact]
    public void The_highest_number_that_left_retention_does_not_depend_on_the_order_of_the_lanes()
    {
        // The lane of key-7 comes first; the other drops its older record after it.
        var shard = new SimulatedShard(0, HashKeyRange.Full);
        shard.Append(Some.Record(1, "key-2"));
        shard.Append(Some.Record(2, "key-7"));
        var loop = new SimulationLoop(
            new EventSourceMapping { ParallelizationFactor = 2 },
            [shard],
            (_, _) => new FunctionAnswer(new BatchOutcome.Failed("poison"), TimeSpan.Zero),
            new SimulationOptions { Start = Some.Time, Retention = TimeSpan.FromMinutes(1) });
        loop.RunUntilIdle();

        Assert.Equal([2, 1], loop.History.Invocations.Take(2).Select(invocation => Some.Label(invocation.Records[0])));
        Assert.Equal(2, loop.MachineOf(shard).Counters.RecordsExpired);
        Assert.Equal(Some.Number(2), loop.MachineOf(shard).ExpiredThrough);
    }

    [Fact]
    public void A_closed_machine_takes_no_more_events()
    {
        var machine = new ShardMachine(new EventSourceMapping(), new ShardContext());
        var decisions = new List<ShardDecision>();
        machine.Step(Some.Time, new ShardEvent.StopRequested(StopMode.Drain), decisions);

        Assert.Equal([new ShardDecision.CloseShard(CloseReason.Stopped)], decisions);
        Assert.Throws<InvalidOperationException>(() => machine.Step(Some.Time, ShardEvent.TimerDue.Instance, decisions));
    }

    private static SimulatedShard Shard(int records)
    {
        var shard = new SimulatedShard(0, HashKeyRange.Full);
        for (int n = 1; n <= records; n++)
            shard.Append(Some.Record(n));
        return shard;
    }
}
