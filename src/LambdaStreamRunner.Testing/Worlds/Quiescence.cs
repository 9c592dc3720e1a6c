namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>Knows when time may move: no code of a handler runs, and every invocation that has not answered waits for the clock.</summary>
internal sealed class Quiescence(TestWorld world, List<InvocationScope> underWay)
{
    private static readonly TimeSpan FencePatience = TimeSpan.FromSeconds(1);

    // A thread that runs for longer may itself wait for what was posted.
    private static readonly TimeSpan ThreadPatience = TimeSpan.FromMilliseconds(20);

    // Work that a thread of the pool has taken and not begun is counted nowhere: so often a new world does not trust the counts.
    private const int FencesOfANewWorld = 4;

    private readonly ThreadPoolFence _fence = new();
    private int _fences;

    /// <summary>Runs what handlers go on with, and waits in real time for what they do elsewhere.</summary>
    /// <exception cref="StreamTestException">A handler waits for something else than the clock for longer than the budget.</exception>
    public void Reach()
    {
        if (underWay.Count == 0 && world.Pump.IsEmpty)
            return;
        Run();
        long? waitingSince = null;
        while (true)
        {
            if (Blocker() is not { } blocker)
            {
                // Asked after the threads: one that has just gone may have left something.
                if (!RunMore())
                    return;
                waitingSince = null;
                continue;
            }
            waitingSince ??= TimeProvider.System.GetTimestamp();
            TimeSpan left = world.Scenario.RealTimeBudget - TimeProvider.System.GetElapsedTime(waitingSince.Value);
            if (left <= TimeSpan.Zero)
                throw new StreamTestException(Overdue(blocker));
            world.Baton.PumpRests();
            if (world.Pump.Wait(left < ThreadPatience ? left : ThreadPatience) || world.Pump.TakeFromElsewhere())
                waitingSince = Run() ? null : waitingSince;
        }
    }

    private bool Run()
    {
        _fence.Begin();
        return RunMore();
    }

    private bool RunMore()
    {
        bool any = false;
        while (RunPosted() || LeftWorkToThePool() || (!underWay.Exists(scope => scope.RunsElsewhere) && world.Pump.TakeFromElsewhere()))
            any = true;
        return any;
    }

    private bool RunPosted()
    {
        if (world.Pump.IsEmpty)
            return false;
        world.Baton.PumpGoesOn();
        return world.Pump.RunPosted();
    }

    private bool LeftWorkToThePool()
    {
        bool hasRun = false;
        foreach (InvocationScope scope in underWay)
        {
            hasRun |= scope.HasRun;
            scope.HasRun = false;
        }
        bool isCareful = world.Scenario.PoolUse.WasSeen || _fences++ < FencesOfANewWorld;
        if (!hasRun || !(isCareful || _fence.MayHaveWork))
            return false;
        world.Baton.PumpRests();
        _fence.Pass(FencePatience);
        return true;
    }

    private InvocationScope? Blocker() => underWay.Find(scope => scope.RunsElsewhere || (!scope.HasAnswered && !scope.AwaitsClock));

    private string Overdue(InvocationScope scope)
    {
        (string what, string advice) = scope switch
        {
            { RunsElsewhere: true } => ("its code runs on a thread of the pool", GiveClock),
            { HasTimers: true } => (
                "it waits for something that a timer of the test's clock only guards (a CancellationTokenSource with a delay, WaitAsync with a limit)",
                "If only that timer can end the wait, let it: .GuardsMoveTime(). Otherwise replace real I/O with a fake"),
            _ => ("it waits for something that is not the test's clock", GiveClock),
        };
        return $"{scope} has not come to rest within {world.Scenario.RealTimeBudget.TotalSeconds:0.#} s of real time: {what}. "
            + $"Virtual time stands still meanwhile. {advice}, or allow more real time with .RealTimeBudget(...).";
    }

    private const string GiveClock =
        "Give the handler the test's TimeProvider (Task.Delay(delay, time), new CancellationTokenSource(delay, time)), replace real I/O with a fake";
}
