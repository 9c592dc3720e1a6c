using LambdaStreamRunner.Testing.Choosing;
using LambdaStreamRunner.Testing.Worlds;

namespace LambdaStreamRunner.Testing.Exploring;

/// <summary>Runs schedule after schedule, on several threads when the handler is made anew for each, and finds the first one that breaks a promise.</summary>
internal sealed class Explorer(TestScenario scenario, Expectations expectations, ulong seed)
{
    private readonly Lock _gate = new();
    private Trial? _first;
    private int _firstNth = int.MaxValue;
    private int _next = 1;
    private int _moments;
    private int _explored;

    /// <summary>Schedules that were run.</summary>
    public int Explored => Volatile.Read(ref _explored);

    /// <summary>True when all choices were walked.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The schedule that broke a promise; the plain one when all choices were walked, and its replay file has them.</summary>
    public Schedule FirstSchedule => Schedule.Nth(seed, _firstNth == int.MaxValue ? 0 : _firstNth, _moments);

    /// <summary>The first of so many schedules that breaks a promise; null when none does.</summary>
    public async Task<Trial?> FindBrokenAsync(int schedules, int threads)
    {
        await WorldThread.RunAsync(ExplorePlain, scenario);
        if (_first is null && schedules > 1)
            await Task.WhenAll(Enumerable.Range(0, Math.Clamp(threads, 1, schedules - 1)).Select(_ => WorldThread.RunAsync(() => { Explore(schedules); return true; }, scenario)));
        return _first;
    }

    /// <summary>One schedule; null when it breaks no promise.</summary>
    public Task<Trial?> FindBrokenAsync(Schedule schedule) => WorldThread.RunAsync(() =>
    {
        _explored++;
        Trial trial = Trial.Of(scenario, expectations, schedule.CreateChooser(), schedule.WorldSeed);
        return trial.Broken.IsEmpty ? null : trial;
    }, scenario);

    /// <summary>Walks all choices of a small scenario; null when none of them breaks a promise.</summary>
    /// <param name="schedules">The most that are walked.</param>
    public Task<Trial?> WalkAllAsync(int schedules) => WorldThread.RunAsync(() =>
    {
        Trial? broken = null;
        var tree = new ChoiceTree();
        tree.Walk(chooser =>
        {
            if (_explored == schedules)
                return null;
            Trial trial = Trial.Of(scenario, expectations, chooser, Schedule.Nth(seed, _explored++).WorldSeed);
            broken = trial.Broken.IsEmpty ? null : trial;
            return broken is null ? trial.Run.HistoryHash : null;
        });
        IsComplete = tree.IsComplete;
        return broken;
    }, scenario);

    // The plain one comes first: it says among how many decisions priorities may change.
    private bool ExplorePlain()
    {
        Schedule plain = Schedule.Nth(seed, 0);
        Chooser chooser = plain.CreateChooser();
        Trial trial = Trial.Of(scenario, expectations, chooser, plain.WorldSeed);
        _moments = chooser.Asked;
        _explored++;
        if (!trial.Broken.IsEmpty)
            Keep(0, trial);
        return true;
    }

    private void Explore(int schedules)
    {
        try
        {
            while (true)
            {
                int nth = Interlocked.Increment(ref _next) - 1;
                if (nth >= schedules || nth > Volatile.Read(ref _firstNth))
                    return;
                Schedule schedule = Schedule.Nth(seed, nth, _moments);
                Trial trial = Trial.Of(scenario, expectations, schedule.CreateChooser(), schedule.WorldSeed);
                Interlocked.Increment(ref _explored);
                if (!trial.Broken.IsEmpty)
                    Keep(nth, trial);
            }
        }
        catch
        {
            Volatile.Write(ref _next, schedules);             // the test cannot be run: the other threads need not go on
            throw;
        }
    }

    // The lowest number wins, so that the result does not depend on who was faster.
    private void Keep(int nth, Trial trial)
    {
        lock (_gate)
        {
            if (nth < _firstNth)
                (_firstNth, _first) = (nth, trial);
        }
    }
}
