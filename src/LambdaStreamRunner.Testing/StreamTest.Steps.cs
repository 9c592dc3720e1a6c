using System.Runtime.CompilerServices;
using LambdaStreamRunner.Testing.Choosing;
using LambdaStreamRunner.Testing.Exploring;
using LambdaStreamRunner.Testing.Worlds;

namespace LambdaStreamRunner.Testing;

/// <content>Step by step: put, let time pass, look.</content>
public sealed partial class StreamTest
{
    private readonly Dictionary<string, int> _put = [];
    private readonly List<TestStep> _steps = [];
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
            Taken(new TestStep(TestStepKind.Put, Record: record with { Nth = nth, Id = World.NextId(), At = Now - World.Scenario.Start })).Take(World);
        }
        return this;
    }

    /// <summary>Lets virtual time pass, and everything happen that is due.</summary>
    public Task AdvanceAsync(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        return StepAsync(new TestStep(TestStepKind.Advance, time));
    }

    /// <summary>Lets virtual time pass until everything that was put is settled and its checkpoint stored.</summary>
    /// <exception cref="StreamTestException">That takes longer than <see cref="Within"/> allows.</exception>
    public async Task RunUntilIdleAsync()
    {
        if (!await StepAsync(new TestStep(TestStepKind.Settle, _scenario.Within)))
            throw new StreamTestException($"Not everything is settled after {_scenario.Within} of virtual time. Allow more with .Within(...), or limit retries with MaximumRetryAttempts or MaximumRecordAge.");
    }

    /// <summary>The process of the mapping dies, and starts again at once.</summary>
    public Task CrashAsync() => StepAsync(new TestStep(TestStepKind.Crash));

    /// <summary>Holds what has happened so far to what was expected.</summary>
    /// <param name="test">The name of the test, for its replay file; the calling method by default.</param>
    /// <exception cref="StreamTestException">A promise was broken.</exception>
    public void Verify([CallerMemberName] string test = "")
    {
        Trial trial = Trial.At(World, _expectations, [.. _steps], (long)_seed);
        if (!trial.Broken.IsEmpty)
            throw new FailureReport(test, trial, new Shrunk(trial, 0, IsRepeatable: true), null).ToException();
    }

    private Task<bool> StepAsync(TestStep step)
    {
        TestWorld world = World;
        Taken(step);
        return WorldThread.RunAsync(
            () =>
            {
                world.Pump.MoveHere();
                return step.Take(world);
            }, _scenario);
    }

    private TestStep Taken(TestStep step)
    {
        _steps.Add(step);
        return step;
    }
}
