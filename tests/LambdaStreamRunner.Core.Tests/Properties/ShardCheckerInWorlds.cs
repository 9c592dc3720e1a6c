using System.Collections.Immutable;
using CsCheck;
using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Core.Tests.Properties;

/// <summary>The independent checker is silent about the machine, and speaks when a machine breaks its promises.</summary>
public class ShardCheckerInWorlds
{
    private static readonly Gen<World> AnyWorld = World.Any.Select(Lasting);
    private static readonly Gen<World> CrowdedWorld = World.Crowded.Select(Lasting);

    [Fact]
    public void Nothing_is_found_in_any_world() => AnyWorld.Sample(world => Assert.Empty(Check(world, restarts: [])));

    [Fact]
    public void Nothing_is_found_while_the_read_ahead_is_full() => CrowdedWorld.Sample(world => Assert.Empty(Check(world, restarts: [])));

    [Fact]
    public void Nothing_is_found_in_a_mapping_that_is_killed_and_goes_on() =>
        Gen.Select(AnyWorld, Gen.Double[0, 200].Array[1, 3]).Sample((world, restarts) => Assert.Empty(Check(world, restarts)));

    [Fact]
    public void Lanes_that_take_records_in_turn_are_found_out() => AnyWorld.Sample(world =>
    {
        World busy = Busy(world);
        var run = new WorldRun(busy, shard => new ShardMachine(busy.Mapping, shard, new RoundRobinLanes(busy.Mapping)));
        run.RunToTheEnd();
        ShardChecker checker = new CheckerReplay(busy).Play(run.Loop.History.Steps).Checker;

        Assert.Contains(checker.Violations, violation => violation.Kind is ViolationKind.KeyInTwoBatches);
        Assert.True(checker.OrderViolationCount > 0);
    });

    [Fact]
    public void A_record_that_was_dropped_is_found_out() => AnyWorld.Select(WithoutFilters).Sample(world =>
    {
        ulong lost = ((ulong)world.Seed % (ulong)world.Load.Records) + 1;
        var run = new WorldRun(world, shard => new ShardMachine(world.Mapping, shard, new LosingLanes(world.Mapping, lost)));
        run.RunToTheEnd();
        ShardChecker checker = new CheckerReplay(world).Play(run.Loop.History.Steps).Checker;
        checker.Finish(run.Records);

        Assert.Contains(checker.Violations, violation => violation.Kind is ViolationKind.Lost);
    });

    [Fact]
    public void A_checkpoint_past_unsettled_records_is_found_out() => AnyWorld.Sample(world =>
    {
        var run = new WorldRun(world);
        run.RunToTheEnd();
        List<HistoryStep> steps = [.. run.Loop.History.Steps];
        int[] starts = [.. steps.Index().Where(step => step.Item is HistoryStep.InvocationStarted { Records.Length: > 0 }).Select(step => step.Index)];
        if (starts.Length == 0)
            return;
        int place = starts[world.Seed % starts.Length];
        var started = (HistoryStep.InvocationStarted)steps[place];
        var checkpoint = new ShardCheckpoint(ShardPosition.After(started.Records.Span[^1].SequenceNumber));
        steps.Insert(place + 1, new HistoryStep.CheckpointSaved(started.Time, started.ShardId, checkpoint));
        ShardChecker checker = new CheckerReplay(world).Play(steps).Checker;

        Assert.Contains(checker.Violations, violation => violation.Kind is ViolationKind.CheckpointPastUnsettled);
    });

    private static ImmutableArray<Violation> Check(World world, double[] restarts)
    {
        var run = new WorldRun(world);
        var replay = new CheckerReplay(world);
        foreach (double time in restarts.Order())
        {
            run.RunUntil(time);
            replay.Play(run.Loop.History.Steps);
            replay.Restart(run.Loop.Checkpoints.GetValueOrDefault(0));
            run.Restart();
        }
        run.RunToTheEnd();
        replay.Play(run.Loop.History.Steps).Checker.Finish(run.Records);
        return replay.Checker.Violations;
    }

    // The checker is told of retention by number, the machine goes by arrival times, which step back here: for unit tests.
    private static World Lasting(World world) => world with { Load = world.Load with { Retention = TimeSpan.FromDays(1) } };

    private static World WithoutFilters(World world) => world with { Mapping = world.Mapping with { FilterCriteria = FilterCriteria.None } };

    // One key, several lanes, and work that takes time: order cannot hold by chance.
    private static World Busy(World world) => world with
    {
        Mapping = WithoutFilters(world).Mapping with
        {
            ParallelizationFactor = Math.Max(2, world.Mapping.ParallelizationFactor),
            MaximumRecordAge = null,
            TumblingWindow = TimeSpan.Zero,
        },
        Load = world.Load with { Keys = 1, Seconds = 0, Records = Math.Max(20, world.Load.Records), FixedRecordLength = 408 },
        Faults = world.Faults with { Milliseconds = 3_000, ThrottledPercent = 0 },
    };
}
