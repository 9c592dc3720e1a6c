using CsCheck;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Core.Tests.Properties;

/// <summary>
/// Promises that hold in every world. A failure prints the seed that repeats it (CsCheck_Seed); CsCheck_Iter sets the
/// number of worlds per promise, 100 by default.
/// </summary>
public class ShardMachineProperties
{
    [Fact]
    public void S_102_records_are_delivered_in_order_per_key_settled_once_and_never_lost() =>
        World.Any.Sample(RunsWell);

    [Fact]
    public void The_same_holds_while_the_read_ahead_is_full() =>
        World.Crowded.Sample(RunsWell);

    [Fact]
    public void A_killed_mapping_goes_on_from_its_checkpoint_and_loses_nothing() =>
        Gen.Select(World.Any, Gen.Double[0, 200].Array[1, 3]).Sample((world, kills) => Survives(world, kills, kill: _ => { }));

    [Fact]
    public void A_killed_mapping_loses_nothing_while_the_read_ahead_is_full() =>
        Gen.Select(World.Crowded, Gen.Double[0, 200].Array[1, 3]).Sample((world, kills) => Survives(world, kills, kill: _ => { }));

    [Fact]
    public void A_stopped_mapping_goes_on_from_its_checkpoint_and_loses_nothing() =>
        Gen.Select(World.Any, Gen.Double[0, 200].Array[1, 3], Gen.Enum<StopMode>())
            .Sample((world, stops, mode) => Survives(world, stops, run => run.Stop(mode)));

    [Fact]
    public void The_same_inputs_give_the_same_decisions() => World.Any.Sample(
        world =>
        {
            (string first, string second) = (Describe(world, nudges: []), Describe(world, nudges: []));
            Assert.Equal(first, second);
        });

    [Fact]
    public void Timers_that_nobody_asked_for_change_nothing() => Gen.Select(World.Any, Gen.Double[0, 200].Array[1, 20]).Sample(
        (world, nudges) => Assert.Equal(Describe(world, nudges: []), Describe(world, nudges)));

    private static void RunsWell(World world)
    {
        var run = new WorldRun(world);
        run.RunToTheEnd();
        run.JudgeAll();
    }

    private static void Survives(World world, double[] times, Action<WorldRun> kill)
    {
        var run = new WorldRun(world);
        foreach (double time in times.Order())
        {
            run.RunUntil(time);
            kill(run);
            run.Restart();
        }
        run.RunToTheEnd();
        run.JudgeAll();
    }

    private static string Describe(World world, double[] nudges)
    {
        var run = new WorldRun(world);
        foreach (double time in nudges)
            run.Loop.At(World.Start.AddMilliseconds(Math.Round(time * 1000)), run.Loop.Nudge);
        run.RunToTheEnd();
        return string.Join('\n', run.Loop.History.Steps.Select(Describe));
    }

    private static string Describe(HistoryStep step) => step switch
    {
        HistoryStep.InvocationStarted started =>
            $"{started.Time:O} lane {started.Lane} {started.RequestId} {string.Join(',', started.Records.ToArray().Select(record => record.SequenceNumber.Index))}",
        HistoryStep.CheckpointSaved saved => $"{saved.Time:O} checkpoint {saved.Checkpoint.Position} {Describe(saved.Checkpoint.Marks)}",
        HistoryStep.Discarded discarded => $"{discarded.Time:O} discard {discarded.Batch.RequestId} {discarded.Batch.Records.Length}",
        _ => step.ToString(),
    };

    private static string Describe(LaneMarks? marks) =>
        marks is null ? "" : $"{marks.SettledThrough} {string.Join(' ', marks.FirstUnsettled.Select(mark => $"{mark.Group}:{mark.FirstUnsettled}").Order())}";
}
