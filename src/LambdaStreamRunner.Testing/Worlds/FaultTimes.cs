using LambdaStreamRunner.Simulation;
using LambdaStreamRunner.Testing.Choosing;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>Plans what strikes at a time of the schedule's choice: crashes, reshards, leaps of the clock. 0 is never.</summary>
internal static class FaultTimes
{
    private static readonly TimeSpan AfterLastPut = TimeSpan.FromSeconds(10);
    private const int LeapMillisecondsMax = 60_000;

    public static void Plan(TestWorld world, TestStream stream)
    {
        FaultPlan faults = world.Scenario.Faults;
        Plan(world, ChoiceKind.Crash, faults.Crashes, nth => Crash(world, nth));
        Plan(world, ChoiceKind.Reshard, faults.Reshards, stream.Reshard);
        Plan(world, ChoiceKind.ClockLeap, faults.ClockJumps, nth => Leap(world, nth));
    }

    private static void Plan(TestWorld world, ChoiceKind kind, int times, Action<int> what)
    {
        int milliseconds = (int)(world.Scenario.LastPut + AfterLastPut).TotalMilliseconds;
        for (int nth = 1; nth <= times; nth++)
        {
            int chosen = nth;
            int at = world.Chooser.Measure(new Choice(kind, nth, 0), nth, milliseconds);
            if (at > 0)
                world.Loop.At(world.Scenario.Start + TimeSpan.FromMilliseconds(at - 1), () => what(chosen));
        }
    }

    private static void Crash(TestWorld world, int nth)
    {
        var point = (CrashPoint)world.Chooser.Choose(new Choice(ChoiceKind.Crash, nth, 1), 3);
        if (point is CrashPoint.None)
            world.Loop.Crash();
        else
            world.CrashAtNextCheckpoint(point);
    }

    private static void Leap(TestWorld world, int nth) =>
        world.Loop.Leap(TimeSpan.FromMilliseconds(1 + world.Chooser.Measure(new Choice(ChoiceKind.ClockLeap, nth, 1), nth, LeapMillisecondsMax)));
}
