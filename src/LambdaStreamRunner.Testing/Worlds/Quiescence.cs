namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>Knows when time may move: no code of a handler runs, and every invocation that has not answered waits for the clock.</summary>
internal sealed class Quiescence(TestWorld world, List<InvocationScope> underWay)
{
    private static readonly TimeSpan FencePatience = TimeSpan.FromSeconds(1);

    private readonly ThreadPoolFence _fence = new();

    /// <summary>Runs what handlers go on with, and waits in real time for what they do elsewhere.</summary>
    /// <exception cref="StreamTestException">A handler waits for something else than the clock for longer than the budget.</exception>
    public void Reach()
    {
        if (underWay.Count == 0 && world.Pump.IsEmpty)
            return;
        Run();
        long? waitingSince = null;
        while (Blocker() is { } blocker)
        {
            waitingSince ??= TimeProvider.System.GetTimestamp();
            TimeSpan left = world.Scenario.RealTimeBudget - TimeProvider.System.GetElapsedTime(waitingSince.Value);
            if (left <= TimeSpan.Zero)
                throw new StreamTestException(Overdue(blocker));
            if (world.Pump.Wait(left))
                waitingSince = Run() ? null : waitingSince;
        }
    }

    private bool Run()
    {
        bool any = false;
        _fence.Begin();
        while (world.Pump.RunPosted() || LeftWorkToThePool())
            any = true;
        return any;
    }

    private bool LeftWorkToThePool()
    {
        bool hasRun = false;
        foreach (InvocationScope scope in underWay)
        {
            hasRun |= scope.HasRun;
            scope.HasRun = false;
        }
        if (!hasRun || !_fence.MayHaveWork)
            return false;
        _fence.Pass(FencePatience);
        return true;
    }

    private InvocationScope? Blocker() => underWay.Find(scope => scope.RunsElsewhere || (!scope.HasAnswered && !scope.AwaitsClock));

    private string Overdue(InvocationScope scope)
    {
        string what = scope.RunsElsewhere
            ? "its code runs on a thread of the pool"
            : scope.HasTimers
                ? "it waits for something that a timer of the test's clock only guards"
                : "it waits for something that is not the test's clock";
        return $"{scope} has not come to rest within {world.Scenario.RealTimeBudget.TotalSeconds:0.#} s of real time: {what}. "
            + "Virtual time stands still meanwhile. Give the handler the test's TimeProvider (Task.Delay(delay, time), new CancellationTokenSource(delay, time)), replace real I/O with a fake, "
            + "or allow more real time with .RealTimeBudget(...).";
    }
}
