using System.Collections.Immutable;
using LambdaStreamRunner.Core.Guarantees;

namespace LambdaStreamRunner.Testing.Exploring;

/// <summary>What a test expects of every schedule.</summary>
internal sealed record Expectations
{
    /// <summary>The promises that must hold.</summary>
    public ImmutableArray<Promise> Promises { get; init; } = Promise.Default;

    /// <summary>Labels of the records that must be given up, these and no others; null: nothing is said about discards.</summary>
    public ImmutableArray<string>? Discarded { get; init; }

    /// <summary>What the test asks of a run in its own words: a sentence, and what is wrong, or null.</summary>
    public ImmutableArray<(string Sentence, Func<TestRun, string?> Check)> Checks { get; init; } = [];

    /// <summary>The effect that a record must have; null for one that has none.</summary>
    public Func<TestRecord, (string Key, string Value)?> EffectOf { get; init; } = record => (record.Key, record.Text);

    private bool ExpectsOnce => Promises.Contains(Delivery.EffectsExactlyOnce);

    /// <summary>What a run has broken, the most telling first.</summary>
    public ImmutableArray<BrokenPromise> Judge(Worlds.TestWorld world, TestRun run)
    {
        ImmutableArray<BrokenPromise>.Builder broken = ImmutableArray.CreateBuilder<BrokenPromise>();
        Exception? thrown = null;
        foreach (Violation violation in Violations(world, exception => thrown ??= exception))
        {
            Promise promise = Promise.Of(violation.Kind);
            if (Promises.Contains(promise) && !IsExpectedDiscard(world, violation))
                broken.Add(new BrokenPromise(promise.Name, promise.Sentence, promise.Page, violation.Message, violation.StepIndex) { Kind = violation.Kind });
        }
        if (thrown is not null)
            broken.Insert(0, Thrown("EffectsAre", "EffectsAre says which effect a record has.", thrown));
        if (WrongDiscards(run) is { } wrong)
            broken.Add(new BrokenPromise("ExpectDiscarded", "Exactly the named records are given up.", null, wrong, null));
        foreach ((string sentence, Func<TestRun, string?> check) in Checks)
        {
            if (Check(sentence, check, run) is { } failed)
                broken.Add(failed);
        }
        return broken.ToImmutable();
    }

    /// <summary>A record that is expected to be given up must be there.</summary>
    public void ThrowIfUnknown(IReadOnlyCollection<TestRecord> records)
    {
        foreach (string unknown in (Discarded ?? []).Except(records.Select(record => record.Label)).Take(1))
            throw new InvalidOperationException($"ExpectDiscarded: no record is called {unknown}. There are {string.Join(", ", records.Take(5).Select(record => record.Label))}{(records.Count > 5 ? ", ..." : "")}; the third record of order-17 is called order-17#3.");
    }

    private static BrokenPromise? Check(string sentence, Func<TestRun, string?> check, TestRun run)
    {
        string name = $"\"{sentence}\"";
        try
        {
            return check(run) is { } problem ? new BrokenPromise(name, sentence, null, problem, null) : null;
        }
#pragma warning disable CA1031 // A check may assert: what it throws is what is wrong, and the test throws it on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Thrown(name, sentence, exception);
        }
    }

    private static BrokenPromise Thrown(string name, string sentence, Exception exception) =>
        new(name, sentence, null, $"threw {exception.GetType().Name}: {exception.Message}", null) { Exception = exception };

    private ImmutableArray<Violation> Violations(Worlds.TestWorld world, Action<Exception> threw)
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
            Effects = record => EffectExpectationOf(world.RecordOf(record.SequenceNumber), threw),
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

    private EffectExpectation? EffectExpectationOf(TestRecord record, Action<Exception> threw)
    {
        try
        {
            return EffectOf(record) is { } effect ? new EffectExpectation(effect.Key, effect.Value) : null;
        }
#pragma warning disable CA1031 // The test's own function; what it throws is told as what is wrong.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            threw(exception);
            return null;
        }
    }

    // Who names the records that are given up knows that they are lost where there is no destination.
    private bool IsExpectedDiscard(Worlds.TestWorld world, Violation violation) =>
        violation.Kind is ViolationKind.DiscardedWithoutDestination && violation.StepIndex is { } index
        && world.Loop.History.Steps[index] is Core.Histories.HistoryStep.Discarded discarded
        && discarded.Batch.Records.All(record => Discarded is { } expected && expected.Contains(world.RecordOf(record.SequenceNumber).Label));

    private string? WrongDiscards(TestRun run)
    {
        if (Discarded is not { } expected)
            return null;
        string[] missing = [.. expected.Intersect(run.Records.Select(record => record.Label)).Except(run.Discarded)];
        string[] surplus = [.. run.Discarded.Except(expected)];
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
internal sealed record BrokenPromise(string Name, string Sentence, Uri? Page, string Message, int? StepIndex)
{
    /// <summary>The rule that was violated; null for what the test itself asks.</summary>
    public ViolationKind? Kind { get; init; }

    /// <summary>What code of the test threw when it was asked; null when it answered.</summary>
    public Exception? Exception { get; init; }

    /// <summary>True when another run has broken the same in the same way: a check that throws for want of records is no smaller example of one that failed, and a discard none of a record that was lost.</summary>
    public bool IsSameAs(BrokenPromise other) => Name == other.Name && Kind == other.Kind && Exception?.GetType() == other.Exception?.GetType();
}
