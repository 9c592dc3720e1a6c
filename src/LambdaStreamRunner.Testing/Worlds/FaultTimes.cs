using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation;
using LambdaStreamRunner.Testing.Choosing;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>Plans what strikes at a time of the schedule's choice: crashes, reshards, leaps of the clock. 0 is never.</summary>
/// <remarks>A run does not end before all of them have struck; each is chosen from the time in which there is something to strike.</remarks>
internal sealed class FaultTimes(TestWorld world, TestStream stream)
{
    private static readonly TimeSpan SomethingMore = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BeforeItsCheckpoint = TimeSpan.FromMilliseconds(500);
    private const int LeapMillisecondsMax = 60_000;

    private int _toStrike;

    /// <summary>True while something planned has not struck.</summary>
    public bool AnyToCome => _toStrike > 0;

    public void Plan()
    {
        FaultPlan faults = world.Scenario.Faults;
        for (int nth = 1; nth <= faults.Crashes; nth++)
            PlanCrash(nth);
        for (int nth = 1; nth <= faults.Reshards; nth++)
            Plan(ChoiceKind.Reshard, nth, AfterLastPut, stream.Reshard);
        for (int nth = 1; nth <= faults.ClockJumps; nth++)
            Plan(ChoiceKind.ClockLeap, nth, AfterLastPut, Leap);
    }

    // About as long as the mapping may have work after the last put when all is well.
    private TimeSpan AfterLastPut
    {
        get
        {
            EventSourceMapping mapping = world.Scenario.Mapping;
            FaultPlan faults = world.Scenario.Faults;
            TimeSpan busy = mapping.MaximumBatchingWindow + mapping.TumblingWindow + SomethingMore
                + TimeSpan.FromMilliseconds(faults.HandlerMillisecondsMax + faults.EffectMillisecondsMax + faults.CheckpointMillisecondsMax + faults.DestinationMillisecondsMax);
            return busy < TestWorld.FaultsLast ? busy : TestWorld.FaultsLast;
        }
    }

    // A checkpoint comes after the last put: what waits for one finds it.
    private void PlanCrash(int nth)
    {
        var moment = (CrashMoment)world.Chooser.Choose(new Choice(ChoiceKind.Crash, nth, 1), 3);
        Plan(ChoiceKind.Crash, nth, moment is CrashMoment.AtOnce ? AfterLastPut : BeforeItsCheckpoint, _ => Crash(moment));
    }

    private void Plan(ChoiceKind kind, int nth, TimeSpan afterLastPut, Action<int> what)
    {
        int lastMilliseconds = (int)Math.Min(int.MaxValue - 1, (world.Scenario.LastPut + afterLastPut).TotalMilliseconds);
        int at = world.Chooser.Measure(new Choice(kind, nth, 0), nth, lastMilliseconds);
        if (at == 0)
            return;
        _toStrike++;
        world.Loop.At(world.Scenario.Start + TimeSpan.FromMilliseconds(at - 1), () => Strike(what, nth));
    }

    private void Strike(Action<int> what, int nth)
    {
        _toStrike--;
        what(nth);
        world.Disturbed(world.Loop.Now);
    }

    private void Crash(CrashMoment moment)
    {
        if (moment is CrashMoment.AtOnce)
            world.Loop.Crash();
        else
            world.CrashAtNextCheckpoint(moment is CrashMoment.BeforeNextCheckpoint ? CrashPoint.BeforeStoring : CrashPoint.AfterStoring);
    }

    private void Leap(int nth) =>
        world.Loop.Leap(TimeSpan.FromMilliseconds(1 + world.Chooser.Measure(new Choice(ChoiceKind.ClockLeap, nth, 1), nth, LeapMillisecondsMax)));
}

/// <summary>When a process dies, from its chosen time on.</summary>
internal enum CrashMoment
{
    /// <summary>At that time.</summary>
    AtOnce,

    /// <summary>When the next checkpoint is about to be stored; never when there is none.</summary>
    BeforeNextCheckpoint,

    /// <summary>When the next checkpoint has been stored; never when there is none.</summary>
    AfterNextCheckpoint,
}
