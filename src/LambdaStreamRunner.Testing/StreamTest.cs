using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Testing.Exploring;
using LambdaStreamRunner.Testing.Worlds;

namespace LambdaStreamRunner.Testing;

/// <summary>Runs a handler on the real rules of an event source mapping, under virtual time, and holds it to promises.</summary>
/// <remarks>
/// <see cref="RunAsync"/> explores schedules and faults from a seed; <see cref="Put(string, string[])"/>, <see cref="AdvanceAsync"/> and
/// <see cref="RunUntilIdleAsync"/> follow one scenario step by step. Tests share nothing and may run at the same time.
/// </remarks>
public sealed partial class StreamTest
{
    /// <summary>Schedules that are explored when the test names no number.</summary>
    public const int SchedulesDefault = 100;

    private static readonly ConcurrentDictionary<MethodInfo, DelegateBinder> Binders = new();

    private readonly bool _isSharedHandler;
    private readonly string _handler;
    private readonly Func<ExecutionEnvironment, Delegate>? _factory;
    private TestScenario _scenario;
    private Expectations _expectations = new();
    private Exploration _exploration = Exploration.Mixed;
    private int _schedules = SchedulesDefault;
    private ulong _seed = 1;
    private Schedule? _schedule;

    private StreamTest(Func<ExecutionEnvironment, BoundFunction> handlerOf, Func<ExecutionEnvironment, Delegate>? factory, MethodInfo method)
    {
        (_scenario, _factory, _isSharedHandler) = (new TestScenario { HandlerOf = handlerOf }, factory, factory is null);
        _handler = $"{method.DeclaringType?.FullName}.{method.Name}";
    }

    /// <summary>Tests a handler of any shape that Lambda supports: <c>StreamTest.For(new OrderFunction().HandleAsync)</c>.</summary>
    /// <param name="handler">One instance for all execution environments and schedules, which therefore run one after the other.</param>
    /// <exception cref="FunctionLoadException">Lambda could not call it.</exception>
    public static StreamTest For(Delegate handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        BoundFunction bound = Bind(handler);
        return new StreamTest(_ => bound, factory: null, handler.Method);
    }

    /// <summary>Tests a handler that is made anew for each execution environment, as Lambda does at a cold start.</summary>
    /// <remarks>Schedules run on several threads at once: what handlers of different schedules share must bear that.</remarks>
    /// <param name="handlerOf">Makes it: <c>environment => new OrderFunction(environment.Time, environment.Effects).HandleAsync</c>.</param>
    public static StreamTest For(Func<ExecutionEnvironment, Delegate> handlerOf)
    {
        ArgumentNullException.ThrowIfNull(handlerOf);
        return new StreamTest(environment => Bind(handlerOf(environment)), handlerOf, handlerOf.Method);
    }

    /// <summary>Gives every execution environment statics of its own, fresh ones, as on AWS: finds handlers that keep state in static fields.</summary>
    /// <param name="also">Types of further assemblies whose statics are to be fresh; those of the handler's and of the test's own code are.</param>
    /// <remarks>
    /// The code is loaded once more for each environment, which takes some milliseconds: explore fewer schedules. Without this call
    /// all environments of a test process share their statics.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The handler is not made by a lambda that needs nothing but its environment.</exception>
    public StreamTest IsolateStatics(params Type[] also)
    {
        ArgumentNullException.ThrowIfNull(also);
        var handlers = new IsolatedHandlers(_factory ?? throw new InvalidOperationException(IsolatedHandlers.NeedsFactory), [.. also.Select(type => type.Assembly)]);
        return With(_scenario with { HandlerOf = handlers.Create });
    }

    /// <summary>Changes settings of the mapping. Before, they are AWS's defaults, read as AWS reads: once per second and shard.</summary>
    public StreamTest Mapping(Func<EventSourceMapping, EventSourceMapping> change) => With(_scenario with { Mapping = MappingCheck.Checked(change(_scenario.Mapping), _scenario.Start) });

    /// <summary>Changes settings of the function: its Timeout (3 s by default), MemorySize, name.</summary>
    public StreamTest Function(Func<FunctionSettings, FunctionSettings> change)
    {
        FunctionSettings changed = change(_scenario.Function);
        Positive(changed.Timeout, nameof(FunctionSettings.Timeout));
        return With(_scenario with { Function = changed });
    }

    /// <summary>Shards of the stream at its beginning; 1 by default.</summary>
    public StreamTest Shards(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return With(_scenario with { Shards = count });
    }

    /// <summary>How keys come to lanes. AWS does not publish its way, so that a handler must not depend on one: by default the schedule decides.</summary>
    public StreamTest Lanes(LaneAssignment assignment) => With(_scenario with { AssignsLanes = assignment is LaneAssignment.AnyLegal });

    /// <summary>How long the stream keeps records; 24 hours by default.</summary>
    public StreamTest Retention(TimeSpan retention) => With(_scenario with { Retention = Positive(retention) });

    /// <summary>Discarded batches go to an on-failure destination; without one they are lost.</summary>
    public StreamTest OnFailureDestination() => With(_scenario with { HasDestination = true });

    /// <summary>What is put.</summary>
    /// <param name="records">Those of several keys that have the same short payload are called by key and number: order-1#3.</param>
    public StreamTest Given(Records records)
    {
        ArgumentNullException.ThrowIfNull(records);
        return With(_scenario with { Records = [.. records.WithLabelsOfTheirOwn().OrderBy(record => record.At)] });
    }

    /// <summary>What goes wrong. A test that goes step by step lets things fail itself: <see cref="CrashAsync"/>, <see cref="FunctionThrows"/>, <see cref="Records.Poison"/>.</summary>
    public StreamTest Under(FaultPlan faults) => With(_scenario with { Faults = faults });

    /// <summary>How many schedules are explored, and how. The environment variable LAMBDA_STREAM_SCHEDULES replaces the number, for a longer run at night.</summary>
    /// <param name="schedules">At least 1; 100 by default.</param>
    /// <param name="mode">Mixed by default.</param>
    public StreamTest Explore(int schedules = SchedulesDefault, Exploration mode = Exploration.Mixed)
    {
        ThrowIfBegun();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(schedules);
        (_schedules, _exploration) = (schedules, mode);
        return this;
    }

    /// <summary>Other schedules than those of seed 1. The environment variable LAMBDA_STREAM_SEED replaces it.</summary>
    public StreamTest Seed(ulong seed)
    {
        ThrowIfBegun();
        _seed = seed;
        return this;
    }

    /// <summary>Runs only one schedule: that of an earlier failure, as its message names it.</summary>
    /// <param name="schedule">Such as random-1f3a.</param>
    public StreamTest Schedule(string schedule)
    {
        ThrowIfBegun();
        _schedule = Exploring.Schedule.Parse(schedule);
        return this;
    }

    /// <summary>What is promised. Without this call all of <see cref="Promise.Default"/> are expected.</summary>
    public StreamTest Expect(params Promise[] promises)
    {
        _expectations = _expectations with { Promises = [.. promises] };
        return this;
    }

    /// <summary>What is promised by default (<see cref="Promise.Default"/>), save for these.</summary>
    /// <param name="promises">Such as <see cref="Order.Effects"/>, for a handler whose effects may come in any order.</param>
    public StreamTest ExpectAllBut(params Promise[] promises) => Expect([.. Promise.Default.Except(promises)]);

    /// <summary>Something else that every run must keep.</summary>
    /// <param name="sentence">What, as a sentence.</param>
    /// <param name="check">Looks at a run: what is wrong, or null. It may assert as well: what it throws is what is wrong.</param>
    public StreamTest Expect(string sentence, Func<TestRun, string?> check)
    {
        _expectations = _expectations with { Checks = _expectations.Checks.Add((sentence, check)) };
        return this;
    }

    /// <summary>Exactly these records are given up, in every schedule.</summary>
    /// <param name="labels">Such as order-17#3; none of them: nothing may be given up.</param>
    public StreamTest ExpectDiscarded(params string[] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        _expectations = _expectations with { Discarded = [.. labels] };
        return this;
    }

    /// <summary>The effect that each record must have (<see cref="Effects"/>); by default its key gets its payload as text.</summary>
    /// <param name="effectOf">Key and value of the change; null for a record that changes nothing.</param>
    public StreamTest EffectsAre(Func<TestRecord, (string Key, string Value)?> effectOf)
    {
        _expectations = _expectations with { EffectOf = effectOf };
        return this;
    }

    /// <summary>How long everything may take after the last record was put, in virtual time; an hour by default.</summary>
    public StreamTest Within(TimeSpan virtualTime) => With(_scenario with { Within = Positive(virtualTime) });

    /// <summary>How long a handler may do something else than wait for the test's clock, in real time; 5 s by default.</summary>
    public StreamTest RealTimeBudget(TimeSpan realTime) => With(_scenario with { RealTimeBudget = Positive(realTime) });

    /// <summary>Runs the schedules.</summary>
    /// <param name="test">The name of the test, for replay files; the calling method by default.</param>
    /// <returns>How many were run, and whether these were all there are.</returns>
    /// <exception cref="StreamTestException">A promise was broken; the message has the smallest example that was found.</exception>
    /// <exception cref="InvalidOperationException">Nothing is put, or the test goes step by step and ends with <see cref="Verify"/>.</exception>
    public async Task<ExplorationResult> RunAsync([CallerMemberName] string test = "")
    {
        using InUse use = Use();
        ThrowIfBegun();
        if (_stored is { } stored)
            return await ReplayAsync(test, stored);
        ThrowIfNothingIsPut();
        _expectations.ThrowIfUnknown(_scenario.Records);
        var explorer = new Explorer(_scenario, _expectations, Setting("LAMBDA_STREAM_SEED", _seed, ulong.MaxValue));
        int schedules = (int)Setting("LAMBDA_STREAM_SCHEDULES", (ulong)_schedules, int.MaxValue);
        int threads = _isSharedHandler ? 1 : Environment.ProcessorCount;
        Trial? broken = _schedule is { } schedule
            ? await explorer.FindBrokenAsync(schedule)
            : _exploration is Exploration.Exhaustive
                ? await explorer.WalkAllAsync(schedules)
                : await explorer.FindBrokenAsync(schedules, threads);
        if (broken is null)
            return new ExplorationResult(explorer.Explored) { IsComplete = explorer.IsComplete };
        throw await ReportAsync(test, broken, _schedule ?? (_exploration is Exploration.Exhaustive ? null : explorer.FirstSchedule));
    }

    private async Task<ExplorationResult> ReplayAsync(string test, StoredTest stored) => await RunStoredAsync(stored) is { } broken
        ? throw await ReportAsync(test, broken, schedule: null)
        : new ExplorationResult(1);

    private async Task<StreamTestException> ReportAsync(string test, Trial broken, Schedule? schedule)
    {
        Shrunk smallest = broken.Steps.IsEmpty
            ? await new Shrinker(_expectations, broken, _isSharedHandler).ShrinkAsync()
            : new Shrunk(broken, 0, IsRepeatable: true);
        string kind = _stored is not null ? "replay" : "exhaustive";
        return new FailureReport(test, broken, smallest, schedule) { Kind = kind, Handler = _handler }.ToException();
    }

    private static BoundFunction Bind(Delegate handler) => DelegateBinder.CanBind(handler)
        ? Binders.GetOrAdd(handler.Method, static (_, sample) => new DelegateBinder(sample), handler).Bind(handler)
        : HandlerBinder.Bind(handler);

    private static ulong Setting(string variable, ulong otherwise, ulong max)
    {
        string? text = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(text))
            return otherwise;
        return ulong.TryParse(text, CultureInfo.InvariantCulture, out ulong value) && value > 0 && value <= max
            ? value
            : throw new StreamTestException($"The environment variable {variable} is '{text}'; it must be a whole number from 1 to {max}.");
    }

    private static TimeSpan Positive(TimeSpan time, [CallerArgumentExpression(nameof(time))] string name = "") =>
        time > TimeSpan.Zero ? time : throw new ArgumentOutOfRangeException(name, time, "It must be longer than no time.");

    private StreamTest With(TestScenario scenario)
    {
        ThrowIfBegun();
        _scenario = scenario;
        return this;
    }

    private void ThrowIfNothingIsPut()
    {
        if (_scenario.Records.IsEmpty)
            throw new InvalidOperationException("Nothing is put, so that every promise would be kept. Say what with .Given(Records.RoundRobin(...)) or Records.Of(...), or go step by step: Put, RunUntilIdleAsync, Verify.");
    }
}

/// <summary>What a test has explored.</summary>
/// <param name="Schedules">How many schedules were run; all of them kept every promise.</param>
public sealed record ExplorationResult(int Schedules)
{
    /// <summary>True when <see cref="Exploration.Exhaustive"/> has run all schedules that it tells apart; false when their number went beyond the limit, and in the other modes.</summary>
    public bool IsComplete { get; init; }
}

/// <summary>How partition keys come to the lanes of a shard, when the mapping's LanePolicy is HashLanes.</summary>
public enum LaneAssignment
{
    /// <summary>Any assignment that keeps a key in one lane: each schedule has another.</summary>
    AnyLegal,

    /// <summary>That of the policy, by the hash of the key.</summary>
    ByPolicy,
}

/// <summary>How schedules are chosen.</summary>
public enum Exploration
{
    /// <summary>The plain one, then at random and by priorities in turn.</summary>
    Mixed,

    /// <summary>
    /// All of them, the plainest first: the plain one, then each that departs from it in one place, then in two... An order of
    /// things that are due at the same time counts as two departures. For a few records and faults: as far as the number of
    /// schedules goes, <see cref="ExplorationResult.IsComplete"/> says whether it was enough.
    /// </summary>
    /// <remarks>
    /// Of a time it tries the least, 1 ms more, the middle and the most. An order that changes nothing by itself is not tried
    /// together with other departures.
    /// </remarks>
    Exhaustive,
}
