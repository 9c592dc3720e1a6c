using System.Runtime.CompilerServices;
using LambdaStreamRunner.Testing.Choosing;
using LambdaStreamRunner.Testing.Exploring;
using LambdaStreamRunner.Testing.Worlds;

namespace LambdaStreamRunner.Testing;

/// <content>Step by step: put, let time pass, look.</content>
public sealed partial class StreamTest
{
    private readonly Dictionary<string, int> _put = [];
    private TestWorld? _world;

    /// <summary>What has happened so far.</summary>
    public TestRun Run => new(World);

    /// <inheritdoc cref="TestRun.Invocations"/>
    public IReadOnlyList<string> Invocations => Run.Invocations;

    /// <inheritdoc cref="TestRun.Discarded"/>
    public IReadOnlyList<string> Discarded => Run.Discarded;

    /// <inheritdoc cref="TestRun.Checkpoint"/>
    public int Checkpoint => Run.Checkpoint;

    /// <inheritdoc cref="TestRun.Effects"/>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Effects => Run.Effects;

    /// <inheritdoc cref="TestRun.Now"/>
    public DateTimeOffset Now => World.Loop.Now;

    // The plain schedule: no fault strikes unless the test itself lets it.
    private TestWorld World => _world ??= new TestWorld(_scenario with { AssignsLanes = false }, new ReplayChooser(), (long)_seed);

    /// <summary>Puts records of one key now; the mapping begins to read when time passes.</summary>
    /// <param name="key">The partition key.</param>
    /// <param name="payloads">Their payloads, as text.</param>
    public StreamTest Put(string key, params string[] payloads)
    {
        foreach (TestRecord record in Records.Of(key, payloads))
        {
            int nth = _put[key] = _put.GetValueOrDefault(key) + 1;
            World.Put(record with { Nth = nth, Id = World.NextId() });
        }
        return this;
    }

    /// <summary>Lets virtual time pass, and everything happen that is due.</summary>
    public Task AdvanceAsync(TimeSpan time) => StepAsync(world => world.RunUntil(world.Loop.Now + time));

    /// <summary>Lets virtual time pass until everything that was put is settled and its checkpoint stored.</summary>
    /// <exception cref="StreamTestException">That takes longer than <see cref="Within"/> allows.</exception>
    public Task RunUntilIdleAsync() => StepAsync(world =>
    {
        DateTimeOffset end = world.Loop.Now + _scenario.Within;
        if (!world.TryRunUntilDone(end))
            throw new StreamTestException($"Not everything is settled after {_scenario.Within} of virtual time. Allow more with .Within(...), or limit retries with MaximumRetryAttempts or MaximumRecordAge.");
    });

    /// <summary>The process of the mapping dies, and starts again at once.</summary>
    public Task CrashAsync() => StepAsync(world => world.Loop.Crash());

    /// <summary>Holds what has happened so far to what was expected.</summary>
    /// <param name="test">The name of the test, for its replay file; the calling method by default.</param>
    /// <exception cref="StreamTestException">A promise was broken.</exception>
    public void Verify([CallerMemberName] string test = "")
    {
        TestRun run = Run;
        var trial = new Trial(World.Scenario, World.Chooser.Taken, (long)_seed, World, run, _expectations.Judge(World, run));
        if (!trial.Broken.IsEmpty)
            throw new FailureReport(test, trial, new Shrunk(trial, 0, IsRepeatable: true), null).ToException();
    }

    private async Task StepAsync(Action<TestWorld> step)
    {
        TestWorld world = World;
        await WorldThread.RunAsync(
            () =>
            {
                world.Pump.MoveHere();
                step(world);
                return true;
            }, _scenario);
    }
}
