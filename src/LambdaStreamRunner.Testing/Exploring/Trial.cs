using System.Collections.Immutable;
using LambdaStreamRunner.Testing.Choosing;
using LambdaStreamRunner.Testing.Worlds;

namespace LambdaStreamRunner.Testing.Exploring;

/// <summary>One run of a scenario and what it broke.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Choices">The schedule: every choice that was not plain.</param>
/// <param name="Seed">Seed of ids and sequence numbers.</param>
/// <param name="World">The world at its end.</param>
/// <param name="Run">What happened.</param>
/// <param name="Broken">What was broken; empty when all is well.</param>
internal sealed record Trial(
    TestScenario Scenario, IReadOnlyDictionary<Choice, int> Choices, long Seed, TestWorld World, TestRun Run, ImmutableArray<BrokenPromise> Broken)
{
    /// <summary>What the test did besides, step by step; empty when all was planned.</summary>
    public ImmutableArray<TestStep> Steps { get; init; } = [];

    /// <summary>Runs a scenario to its end and judges it, on this thread.</summary>
    public static Trial Of(TestScenario scenario, Expectations expectations, Chooser chooser, long seed)
    {
        var world = new TestWorld(scenario, chooser, seed);
        world.RunToTheEnd();
        var run = new TestRun(world);
        return new Trial(scenario, chooser.Taken, seed, world, run, expectations.Judge(world, run));
    }

    /// <summary>Takes the steps of an earlier test and judges what has happened then, on this thread.</summary>
    public static Trial Of(TestScenario scenario, Expectations expectations, ImmutableArray<TestStep> steps, long seed)
    {
        var world = new TestWorld(scenario, new ReplayChooser(), seed);
        foreach (TestStep step in steps)
            step.Take(world);
        return At(world, expectations, steps, seed);
    }

    /// <summary>Judges what has happened so far in a test that goes step by step.</summary>
    public static Trial At(TestWorld world, Expectations expectations, ImmutableArray<TestStep> steps, long seed)
    {
        var run = new TestRun(world);
        return new Trial(world.Scenario, world.Chooser.Taken, seed, world, run, expectations.Judge(world, run)) { Steps = steps };
    }
}
