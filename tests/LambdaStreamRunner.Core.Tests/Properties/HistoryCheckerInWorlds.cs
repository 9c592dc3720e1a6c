using CsCheck;
using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Properties;

/// <summary>The checker of whole histories is silent about the machine in every world, and speaks about machines that break their promises.</summary>
public class HistoryCheckerInWorlds
{
    [Fact]
    public void Nothing_is_found_in_any_world() => World.Any.Sample(world => Check(world, [], _ => { }));

    [Fact]
    public void Nothing_is_found_while_the_read_ahead_is_full() => World.Crowded.Sample(world => Check(world, [], _ => { }));

    [Fact]
    public void Nothing_is_found_in_a_mapping_that_is_killed_and_goes_on() =>
        Gen.Select(World.Any, Gen.Double[0, 200].Array[1, 3]).Sample((world, kills) => Check(world, kills, _ => { }));

    [Fact]
    public void Nothing_is_found_in_a_mapping_that_is_killed_while_the_read_ahead_is_full() =>
        Gen.Select(World.Crowded, Gen.Double[0, 200].Array[1, 3]).Sample((world, kills) => Check(world, kills, _ => { }));

    [Fact]
    public void Nothing_is_found_in_a_mapping_that_is_stopped_and_goes_on() =>
        Gen.Select(World.Any, Gen.Double[0, 200].Array[1, 3], Gen.Enum<StopMode>())
            .Sample((world, stops, mode) => Check(world, stops, run => run.Stop(mode)));

    [Fact]
    public void Lanes_that_take_records_in_turn_are_found_out() => World.Any.Select(Busy).Sample(world =>
    {
        var run = new WorldRun(world, shard => new ShardMachine(world.Mapping, shard, new RoundRobinLanes(world.Mapping)));
        run.RunToTheEnd();

        Assert.True(Judge(world, run.Loop.History.Steps).CountOf(ViolationKind.KeyInTwoBatches) > 0);
    });

    [Fact]
    public void A_record_that_was_dropped_is_found_out() => World.Any.Select(Plain).Sample(world =>
    {
        ulong lost = ((ulong)world.Seed % (ulong)world.Load.Records) + 1;
        var run = new WorldRun(world, shard => new ShardMachine(world.Mapping, shard, new LosingLanes(world.Mapping, lost)));
        run.RunToTheEnd();
        HistoryChecker checker = Judge(world, run.Loop.History.Steps);
        checker.Finish(run.Loop.Now);

        Violation violation = Assert.Single(checker.Violations, violation => violation.Kind is ViolationKind.Lost);
        Assert.Equal(lost, violation.SequenceNumber.Index);
    });

    [Fact]
    public void Handlers_that_work_in_order_are_not_suspected() => World.Any.Sample(world =>
    {
        HistoryChecker checker = Judge(world, WithEffects(world, reversed: false));

        Assert.DoesNotContain(checker.Violations, violation => EffectKinds.Contains(violation.Kind));
    });

    [Fact]
    public void Handlers_that_turn_a_batch_around_are_found_out() => World.Any.Select(OneKey).Sample(world =>
    {
        HistoryStep[] steps = WithEffects(world, reversed: true);
        bool hasPair = steps.OfType<HistoryStep.InvocationStarted>().Any(started => started.Records.Length > 1);

        Assert.Equal(hasPair, Judge(world, steps).CountOf(ViolationKind.EffectOutOfOrder) > 0);
    });

    [Fact]
    public void Steps_that_are_left_out_or_changed_are_found_out() => Gen.Select(World.Any.Select(Plain), Gen.Int[0, int.MaxValue]).Sample((world, choice) =>
    {
        var run = new WorldRun(world);
        run.RunToTheEnd();
        HistoryStep[] steps = [.. run.Loop.History.Steps];
        foreach (HistoryChange change in HistoryChange.All)
        {
            if (change.Make(steps, choice) is { } changed)
                Assert.Contains(Judge(world, changed).Violations, violation => change.Shows.Contains(violation.Kind));
        }
    });

    private static readonly ViolationKind[] EffectKinds =
        [ViolationKind.EffectMissing, ViolationKind.EffectOutOfOrder, ViolationKind.EffectOutsideInvocation, ViolationKind.EffectUnexplained];

    private static void Check(World world, double[] times, Action<WorldRun> end)
    {
        var run = new WorldRun(world);
        var checker = new HistoryChecker(PromisesOf(world));
        foreach (double time in times.Order())
        {
            run.RunUntil(time);
            end(run);
            Play(checker, run.Loop.History.Steps);
            run.Restart();
        }
        run.RunToTheEnd();
        Play(checker, run.Loop.History.Steps);
        checker.Finish(run.Loop.Now);

        Assert.Empty(checker.Violations.Where(violation => !IsOfTheWorld(violation.Kind, world)));
    }

    // A handler that has the effect of each record as soon as the invocation begins.
    private static HistoryStep[] WithEffects(World world, bool reversed)
    {
        var run = new WorldRun(world);
        run.RunToTheEnd();
        return [.. run.Loop.History.Steps.SelectMany(step => step is HistoryStep.InvocationStarted started ? [step, .. EffectsOf(started, reversed)] : new[] { step })];
    }

    private static IEnumerable<HistoryStep> EffectsOf(HistoryStep.InvocationStarted started, bool reversed)
    {
        StreamRecord[] records = started.Records.ToArray();
        if (reversed)
            Array.Reverse(records);
        return records.Select(record => new HistoryStep.EffectMade(
            started.Time, started.ShardId, started.RequestId, IsWithinInvocation: true, record.PartitionKey, $"{record.SequenceNumber.Index}"));
    }

    // The destination refuses, or retention is so short that records vanish: the world's doing, and told as such.
    private static bool IsOfTheWorld(ViolationKind kind, World world) => kind switch
    {
        ViolationKind.DiscardUndelivered => !world.Options.DestinationWorks,
        ViolationKind.LeftRetention => world.Load.Retention < TimeSpan.FromDays(1),
        _ => false,
    };

    private static HistoryChecker Judge(World world, IEnumerable<HistoryStep> steps)
    {
        var checker = new HistoryChecker(PromisesOf(world));
        Play(checker, steps);
        return checker;
    }

    private static void Play(HistoryChecker checker, IEnumerable<HistoryStep> steps)
    {
        foreach (HistoryStep step in steps)
            checker.Add(step);
    }

    private static HistoryPromises PromisesOf(World world) => new()
    {
        Mapping = world.Mapping,
        FixedRecordLength = world.Options.FixedRecordLength,
        FixedWindowLength = world.Options.FixedWindowLength,
        Retention = world.Options.Retention,
        HasDestination = true,
        Effects = record => new EffectExpectation(record.PartitionKey, $"{record.SequenceNumber.Index}"),
        ReadWithin = world.Mapping.Polling is PollingMode.Aws ? TimeSpan.FromSeconds(1) : TimeSpan.Zero,
    };

    private static World Plain(World world) => world with
    {
        Mapping = world.Mapping with { FilterCriteria = FilterCriteria.None },
        Load = world.Load with { Retention = TimeSpan.FromDays(1) },
    };

    private static World OneKey(World world) => Plain(world) with { Load = Plain(world).Load with { Keys = 1 } };

    // One key, several lanes, and work that takes time: order cannot hold by chance.
    private static World Busy(World world) => world with
    {
        Mapping = Plain(world).Mapping with
        {
            ParallelizationFactor = Math.Max(2, world.Mapping.ParallelizationFactor),
            MaximumRecordAge = null,
            TumblingWindow = TimeSpan.Zero,
        },
        Load = world.Load with { Keys = 1, Seconds = 0, Records = Math.Max(20, world.Load.Records), FixedRecordLength = 408 },
        Faults = world.Faults with { Milliseconds = 3_000, ThrottledPercent = 0 },
    };
}
