using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Testing.Choosing;
using LambdaStreamRunner.Testing.Worlds;

namespace LambdaStreamRunner.Testing.Exploring;

/// <summary>Makes a failure smaller as long as it breaks the same promise: fewer records, fewer choices, plainer settings, rounder times.</summary>
/// <remarks>Ends when nothing more can go (1-minimal: no single record and no single choice), or when its time is over.</remarks>
internal sealed class Shrinker
{
    private const int TriesMax = 20_000;

    // A parallel loop does not use the same threads every time.
    private const int AttemptsOfThreads = 5;

    // Each costs the whole budget of real time.
    private const int HangsMax = 2;

    private static readonly TimeSpan RealTimeMax = TimeSpan.FromSeconds(10);

    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly Expectations _expectations;
    private readonly Trial _found;
    private readonly bool _isSharedHandler;
    private Trial _smallest;
    private bool _isRepeatable;
    private int _tries;
    private int _hangs;

    /// <param name="expectations">What is promised.</param>
    /// <param name="found">The failure.</param>
    /// <param name="isSharedHandler">True when one instance of the handler sees all runs.</param>
    public Shrinker(Expectations expectations, Trial found, bool isSharedHandler) =>
        (_expectations, _found, _isSharedHandler, _smallest) = (expectations, found, isSharedHandler, found);

    private bool IsOver => _tries >= TriesMax || _hangs >= HangsMax || TimeProvider.System.GetElapsedTime(_started) > RealTimeMax;

    private TestScenario Scenario => _smallest.Scenario;

    /// <summary>The smallest failure that can be found.</summary>
    public async Task<Shrunk> ShrinkAsync()
    {
        try
        {
            await WorldThread.RunAsync(Shrink, _found.Scenario);
        }
        catch (StreamTestException)                           // the handler has blocked the thread: what was found so far is what there is
        {
        }
        return new Shrunk(Volatile.Read(ref _smallest), _tries, _isRepeatable);
    }

    private bool Shrink()
    {
        _isRepeatable = Try(_found.Scenario, _found.Choices);
        bool hasChanged = _isRepeatable;
        while (hasChanged && !IsOver)
            hasChanged = DropRecords() | DropChoices() | PlainSettings() | SmallerChoices() | RounderTimes();
        return _isRepeatable;
    }

    private bool DropRecords() => Drop(
        Scenario.Records, remaining => Try(Scenario with { Records = [.. remaining] }, _smallest.Choices));

    private bool DropChoices() => Drop(
        [.. _smallest.Choices], remaining => Try(Scenario, remaining.ToDictionary(choice => choice.Key, choice => choice.Value)));

    private bool PlainSettings()
    {
        bool any = false;
        foreach (Func<TestScenario, TestScenario> plainer in Plainer)
        {
            TestScenario candidate = plainer(Scenario);
            any |= !IsOver && candidate != Scenario && Try(candidate, _smallest.Choices);
        }
        return any | FewerFaults();
    }

    // A fault that has not struck may still have to be possible for its first choice, so each is tried.
    private bool FewerFaults()
    {
        bool any = false;
        foreach ((ChoiceKind kind, Func<FaultPlan, FaultPlan> without) in Faultless)
        {
            if (IsOver || _smallest.Choices.Keys.Any(choice => choice.Kind == kind))
                continue;
            TestScenario candidate = Scenario with { Faults = without(Scenario.Faults) };
            any |= candidate.Faults != Scenario.Faults && Try(candidate, _smallest.Choices);
        }
        return any;
    }

    private static ImmutableArray<(ChoiceKind Kind, Func<FaultPlan, FaultPlan> Without)> Faultless { get; } =
    [
        (ChoiceKind.HandlerLatency, faults => faults.HandlerLatency(0, 0)),
        (ChoiceKind.HandlerThrows, faults => faults.HandlerThrows(0)),
        (ChoiceKind.HandlerTimesOut, faults => faults.HandlerTimesOut(0)),
        (ChoiceKind.Throttle, faults => faults.Throttles(0)),
        (ChoiceKind.FalseReport, faults => faults.FalseReports(0)),
        (ChoiceKind.EffectFails, faults => faults.EffectFails(0)),
        (ChoiceKind.Crash, faults => faults.RunnerCrash(0)),
        (ChoiceKind.Reshard, faults => faults.Reshard(0)),
        (ChoiceKind.ClockLeap, faults => faults.ClockJump(0)),
        (ChoiceKind.ReadThrottled, faults => faults.ReadThrottling(0)),
        (ChoiceKind.IteratorExpired, faults => faults.ExpiredIterators(0)),
        (ChoiceKind.PutTwice, faults => faults.ProducerRepeats(0)),
        (ChoiceKind.CheckpointLatency, faults => faults.CheckpointLatency(0)),
        (ChoiceKind.DestinationRefuses, faults => faults.DestinationRefuses(0)),
    ];

    private static ImmutableArray<Func<TestScenario, TestScenario>> Plainer { get; } =
    [
        scenario => scenario with { Shards = 1 },
        scenario => scenario with { AssignsLanes = false },
        scenario => scenario with { Mapping = scenario.Mapping with { MaximumBatchingWindow = TimeSpan.Zero } },
        scenario => scenario with { Mapping = scenario.Mapping with { BisectBatchOnFunctionError = false } },
        scenario => scenario with { Mapping = scenario.Mapping with { TumblingWindow = TimeSpan.Zero } },
        scenario => scenario with { Mapping = scenario.Mapping with { FilterCriteria = FilterCriteria.None } },
        scenario => scenario with { HasDestination = false },
        scenario => FewerRetries(scenario, 0),
        scenario => FewerRetries(scenario, 1),
        scenario => FewerRetries(scenario, 2),
        scenario => scenario with { Mapping = scenario.Mapping with { ParallelizationFactor = 1 } },
        scenario => scenario with { Mapping = scenario.Mapping with { ParallelizationFactor = Math.Min(2, scenario.Mapping.ParallelizationFactor) } },
        scenario => scenario with { Mapping = scenario.Mapping with { BatchSize = 1 } },
        scenario => scenario with { Mapping = scenario.Mapping with { BatchSize = Math.Min(2, scenario.Mapping.BatchSize) } },
        scenario => scenario with { Mapping = scenario.Mapping with { BatchSize = Math.Min(10, scenario.Mapping.BatchSize) } },
    ];

    private static TestScenario FewerRetries(TestScenario scenario, int retries) =>
        scenario.Mapping.MaximumRetryAttempts is EventSourceMapping.Unlimited || scenario.Mapping.MaximumRetryAttempts > retries
            ? scenario with { Mapping = scenario.Mapping with { MaximumRetryAttempts = retries } }
            : scenario;

    private bool SmallerChoices()
    {
        bool any = false;
        foreach ((Choice choice, int value) in _smallest.Choices.ToArray())
            any |= Smaller(value).Any(smaller => !IsOver && Try(Scenario, new Dictionary<Choice, int>(_smallest.Choices) { [choice] = smaller }));
        return any;
    }

    private bool RounderTimes()
    {
        bool any = Scenario.LastPut > TimeSpan.Zero && Try(Scenario with { Records = [.. Scenario.Records.Select(record => record with { At = TimeSpan.Zero })] }, _smallest.Choices);
        for (int index = 0; index < Scenario.Records.Length && !IsOver; index++)
        {
            TestRecord record = Scenario.Records[index];
            var floor = TimeSpan.FromSeconds(Math.Floor(record.At.TotalSeconds));
            bool keepsOrder = index == 0 || floor >= Scenario.Records[index - 1].At;
            any |= floor != record.At && keepsOrder && Try(Scenario with { Records = Scenario.Records.SetItem(index, record with { At = floor }) }, _smallest.Choices);
        }
        return any;
    }

    // Takes away a half, a quarter... and at last each single one (ddmin; Zeller, Hildebrandt 2002).
    private bool Drop<T>(ImmutableArray<T> all, Func<ImmutableArray<T>, bool> holdsWithout)
    {
        bool any = false;
        for (int size = Math.Max(1, all.Length / 2); !IsOver; size = Math.Max(1, size / 2))
        {
            bool hasDropped = false;
            for (int start = 0; start < all.Length && !IsOver;)
            {
                ImmutableArray<T> remaining = all.RemoveRange(start, Math.Min(size, all.Length - start));
                if (!holdsWithout(remaining))
                {
                    start += size;
                    continue;
                }
                (all, hasDropped) = (remaining, true);
            }
            any |= hasDropped;
            if (size == 1 && !hasDropped)
                return any;
        }
        return any;
    }

    private static IEnumerable<int> Smaller(int value)
    {
        int power = 1;
        while (value / power >= 10)
            power *= 10;
        int rounded = value / power * power;
        return new[] { 1, power, rounded / 2, rounded, value / 2 }.Where(smaller => smaller > 0 && smaller < value).Distinct().Order();
    }

    // A handler that keeps something between schedules must not take the records for ones that it has seen.
    private bool Try(TestScenario scenario, IReadOnlyDictionary<Choice, int> choices)
    {
        int attempts = _found.World.Ledger.HasRaced ? AttemptsOfThreads : 1;
        while (attempts-- > 0 && !IsOver)
        {
            if (TryOnce(scenario, choices))
                return true;
        }
        return false;
    }

    private bool TryOnce(TestScenario scenario, IReadOnlyDictionary<Choice, int> choices)
    {
        _tries++;
        BrokenPromise wanted = _found.Broken[0];
        if (Run(scenario, choices) is not { } trial || !trial.Broken.Any(wanted.IsSameAs))
            return false;
        Volatile.Write(ref _smallest, trial with { Broken = [.. trial.Broken.OrderBy(broken => wanted.IsSameAs(broken) ? 0 : 1)] });
        return true;
    }

    // Null when the try cannot be run to its end: a handler that meets less than it was made for may hang, and is no example then.
    private Trial? Run(TestScenario scenario, IReadOnlyDictionary<Choice, int> choices)
    {
        long seed = _isSharedHandler ? _found.Seed + _tries : _found.Seed;
        long began = TimeProvider.System.GetTimestamp();
        try
        {
            return Trial.Of(scenario, _expectations, new ReplayChooser(choices), seed);
        }
#pragma warning disable CA1031 // Whatever a smaller try throws, the failure that was found is what the test must tell.
        catch (Exception)
#pragma warning restore CA1031
        {
            if (TimeProvider.System.GetElapsedTime(began) >= scenario.RealTimeBudget / 2)
                _hangs++;
            return null;
        }
    }
}

/// <summary>A failure made smaller.</summary>
/// <param name="Trial">The smallest.</param>
/// <param name="Tries">How many runs it took.</param>
/// <param name="IsRepeatable">False when the same schedule did not fail again: the handler depends on something that the test does not control.</param>
internal sealed record Shrunk(Trial Trial, int Tries, bool IsRepeatable);
