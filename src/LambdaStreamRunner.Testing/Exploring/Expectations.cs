using System.Collections.Immutable;
using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Testing.Exploring;

/// <summary>What a test expects of every schedule.</summary>
internal sealed record Expectations
{
    /// <summary>The promises that must hold.</summary>
    public ImmutableArray<Promise> Promises { get; init; } = Promise.Default;

    /// <summary>Labels of the records that must be given up, these and no others; empty: nothing is said about discards.</summary>
    public ImmutableArray<string> Discarded { get; init; } = [];

    /// <summary>What the test asks of a run in its own words: a sentence, and what is wrong, or null.</summary>
    public ImmutableArray<(string Sentence, Func<TestRun, string?> Check)> Checks { get; init; } = [];

    /// <summary>The effect that a record must have; null for one that has none.</summary>
    public Func<TestRecord, (string Key, string Value)?> EffectOf { get; init; } = record => (record.Key, record.Text);

    private bool ExpectsOnce => Promises.Contains(Delivery.EffectsExactlyOnce);

    /// <summary>What a run has broken, the most telling first.</summary>
    public ImmutableArray<BrokenPromise> Judge(Worlds.TestWorld world, TestRun run)
    {
        ImmutableArray<BrokenPromise>.Builder broken = ImmutableArray.CreateBuilder<BrokenPromise>();
        foreach (Violation violation in Violations(world))
        {
            Promise promise = Promise.Of(violation.Kind);
            if (Promises.Contains(promise) && !IsExpectedDiscard(world, violation))
                broken.Add(new BrokenPromise(promise.Name, promise.Sentence, promise.Page, violation.Message, violation.StepIndex));
        }
        if (WrongDiscards(run) is { } wrong)
            broken.Add(new BrokenPromise("ExpectDiscarded", "Exactly the named records are given up.", null, wrong, null));
        foreach ((string sentence, Func<TestRun, string?> check) in Checks)
        {
            if (check(run) is { } problem)
                broken.Add(new BrokenPromise($"\"{sentence}\"", sentence, null, problem, null));
        }
        return broken.ToImmutable();
    }

    private ImmutableArray<Violation> Violations(Worlds.TestWorld world)
    {
        Worlds.TestScenario scenario = world.Scenario;
        var checker = new HistoryChecker(new HistoryPromises
        {
            Mapping = scenario.Mapping,
            FixedRecordLength = world.Loop.Options.FixedRecordLength,
            FixedWindowLength = world.Loop.Options.FixedWindowLength,
            Retention = scenario.Retention,
            HasDestination = scenario.HasDestination,
            ExpectsEverything = true,
            FaultsEnd = world.FaultsEnd,
            SettledWithin = scenario.Within,
            ReadWithin = ReadWithin(scenario),
            MayBeDrained = false,
            Effects = EffectExpectationOf(world),
            ProducerNumbers = record => world.RecordOf(record.SequenceNumber).Id,
            ExpectsEffects = world.Ledger.IsExpected,
            EffectsExactlyOnce = ExpectsOnce,
        });
        foreach (Core.Histories.HistoryStep step in world.Loop.History.Steps)
            checker.Add(step);
        checker.Finish(world.Loop.Now);
        return checker.Violations;
    }

    // Reads that fail come again later, and a clock that leaps makes everything late.
    private static TimeSpan? ReadWithin(Worlds.TestScenario scenario) => scenario switch
    {
        { Faults.ReadThrottleRate: > 0 } or { Faults.ExpiredIteratorRate: > 0 } or { Faults.ClockJumps: > 0 } => null,
        { Mapping.Polling: Core.Mappings.PollingMode.Aws } => TimeSpan.FromSeconds(1),
        _ => TimeSpan.Zero,
    };

    private Func<StreamRecord, EffectExpectation?> EffectExpectationOf(Worlds.TestWorld world) => record =>
        EffectOf(world.RecordOf(record.SequenceNumber)) is { } effect ? new EffectExpectation(effect.Key, effect.Value) : null;

    // Who names the records that are given up knows that they are lost where there is no destination.
    private bool IsExpectedDiscard(Worlds.TestWorld world, Violation violation) =>
        violation.Kind is ViolationKind.DiscardedWithoutDestination && violation.StepIndex is { } index
        && world.Loop.History.Steps[index] is Core.Histories.HistoryStep.Discarded discarded
        && discarded.Batch.Records.All(record => Discarded.Contains(world.RecordOf(record.SequenceNumber).Label));

    private string? WrongDiscards(TestRun run)
    {
        if (Discarded.IsEmpty)
            return null;
        string[] missing = [.. Discarded.Intersect(run.Records.Select(record => record.Label)).Except(run.Discarded)];
        string[] surplus = [.. run.Discarded.Except(Discarded)];
        if (missing.Length + surplus.Length == 0)
            return null;
        string what = missing.Length > 0 ? $"{string.Join(", ", missing)} {(missing.Length == 1 ? "was" : "were")} not given up" : "";
        string also = surplus.Length > 0 ? $"{string.Join(", ", surplus)} {(surplus.Length == 1 ? "was" : "were")} given up and not expected to be" : "";
        return $"{what}{(what.Length > 0 && also.Length > 0 ? ", and " : "")}{also}.";
    }
}

/// <summary>A promise that a run has broken.</summary>
/// <param name="Name">As it is written in the test.</param>
/// <param name="Sentence">What was promised.</param>
/// <param name="Page">Where AWS promises it; null for what the test itself asks.</param>
/// <param name="Message">What happened.</param>
/// <param name="StepIndex">The step of the history that showed it; null when the end did.</param>
internal sealed record BrokenPromise(string Name, string Sentence, Uri? Page, string Message, int? StepIndex);
