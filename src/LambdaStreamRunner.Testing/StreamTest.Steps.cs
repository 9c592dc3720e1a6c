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
    private int _isInUse;

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

    private TestWorld World => _world ??= Begin();

    /// <summary>Puts records of one key now; the mapping begins to read when time passes.</summary>
    /// <param name="key">The partition key.</param>
    /// <param name="payloads">Their payloads, as text.</param>
    public StreamTest Put(string key, params string[] payloads)
    {
        using InUse use = Use();
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
        using InUse use = Use();
        _expectations.ThrowIfUnknown(Run.Records);
        Trial trial = Trial.At(World, _expectations, [.. _steps], (long)_seed);
        if (!trial.Broken.IsEmpty)
            throw new FailureReport(test, trial, new Shrunk(trial, 0, IsRepeatable: true), null) { Handler = _handler }.ToException();
    }

    // The plain schedule: no fault strikes unless the test itself lets it.
    private TestWorld Begin()
    {
        if (_stored is not null)
            throw new InvalidOperationException("A stored failure is replayed with RunAsync, and not step by step.");
        if (_scenario.Faults.StrikesByChoice)
            throw new InvalidOperationException("A test that goes step by step runs the plain schedule, in which no fault of .Under(...) would strike. Take it away and let things fail yourself (CrashAsync, FunctionThrows, Records.Poison, the handler), or explore: .Given(...), RunAsync.");
        return new TestWorld(_scenario with { AssignsLanes = false }, new ReplayChooser(), (long)_seed);
    }

    private async Task<bool> StepAsync(TestStep step)
    {
        using InUse use = Use();
        TestWorld world = World;
        Taken(step);
        return await WorldThread.RunAsync(
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

    private void ThrowIfBegun()
    {
        if (_world is not null)
            throw new InvalidOperationException("This test has begun: it goes step by step since its first Put, step, or look at what has happened. Make its settings before that, and end it with Verify().");
    }

    private InUse Use() => Interlocked.Exchange(ref _isInUse, 1) == 0
        ? new InUse(this)
        : throw new InvalidOperationException("This test is running already: await each call before the next one. Other tests, each made by StreamTest.For, may run at the same time.");

    private readonly struct InUse(StreamTest test) : IDisposable
    {
        public void Dispose() => Volatile.Write(ref test._isInUse, 0);
    }
}
