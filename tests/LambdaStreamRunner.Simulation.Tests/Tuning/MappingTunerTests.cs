using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Traffic;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

public class MappingTunerTests
{
    private static readonly HandlerModel Handler = new() { Fixed = TimeSpan.FromMilliseconds(20), PerRecord = TimeSpan.FromMilliseconds(1) };
    private static readonly ListedTraffic Traffic = ListedTraffic.Even(100, TimeSpan.FromMinutes(10), busy: (TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5)));

    [Fact]
    public void The_chosen_setting_is_the_cheapest_that_meets_the_objective()
    {
        TuningRequest request = Request() with { Objective = ServiceLevelObjective.Parse("iteratorAge.p99 < 2s") };

        TuningResult result = Tune(request);

        Assert.True(result.IsComplete);
        Assert.True(request.Objective.IsMetBy(result.Chosen!));
        Assert.Equal(10, result.Chosen!.Runs);
        Assert.All(result.Frontier.Where(request.Objective.IsMetBy), point => Assert.True(point.Cost.Total >= result.Chosen.Cost.Total / 1.01));
    }

    [Theory]
    [InlineData(null, "is chosen as the one from which paying more begins to buy little: $")]
    [InlineData("iteratorAge.p99 < 20s", "is chosen as the cheapest that meets iteratorAge.p99 < 20s: $")]
    public void The_first_advice_says_why_this_setting_and_what_the_next_would_be(string? objective, string why)
    {
        TuningResult result = Tune(Request() with { Objective = objective is null ? null : ServiceLevelObjective.Parse(objective) });

        Assert.StartsWith("BatchSize ", result.Advice[0], StringComparison.Ordinal);
        Assert.Contains(why, result.Advice[0], StringComparison.Ordinal);
        Assert.Contains("The next faster, ", result.Advice[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_objective_it_is_the_knee()
    {
        TuningResult result = Tune(Request());

        Assert.Same(result.Knee, result.Chosen);
        Assert.Contains(result.Chosen, result.Frontier);
        Assert.Null(result.NearestFeasible);
    }

    [Fact]
    public void An_objective_that_none_meets_names_the_nearest_and_by_how_much_it_misses()
    {
        TuningResult result = Tune(Request() with { Objective = ServiceLevelObjective.Parse("iteratorAge.p99 < 1ms") });

        Assert.Null(result.Chosen);
        Assert.NotNull(result.NearestFeasible);
        Assert.Contains("No setting meets iteratorAge.p99 < 1ms. The nearest is BatchSize", result.Advice[0], StringComparison.Ordinal);
        Assert.Contains("above 1 ms", result.Advice[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "--slo \"latency.p99 < 5s\"")]
    [InlineData("iteratorAge.p99 < 20s", "--slo \"iteratorAge.p99 < 20s and latency.p99 < 5s\"")]
    [InlineData("latency.p99 < 60s", null)]
    public void A_latency_that_the_iterator_age_does_not_see_is_told_with_the_limit_to_add(string? objective, string? told)
    {
        TuningRequest request = Request() with
        {
            Traffic = ListedTraffic.Even(100, TimeSpan.FromMinutes(30)),
            Objective = objective is null ? null : ServiceLevelObjective.Parse(objective),
            Grid = new SettingGrid { BatchSizes = [1_000], Windows = [300], ParallelizationFactors = [1], Consumers = [PollingMode.Aws] },
        };

        TuningResult result = new MappingTuner(request, TimeProvider.System).Run(cancellation: TestContext.Current.CancellationToken);

        string? sentence = result.Advice.FirstOrDefault(sentence => sentence.Contains("wait much longer than the iterator age tells", StringComparison.Ordinal));
        if (told is null)
            Assert.Null(sentence);
        else
            Assert.Contains(told, sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_load_that_no_setting_keeps_up_with_says_how_much_is_needed()
    {
        TuningResult result = Tune(Request() with { Handler = new HandlerModel { Fixed = TimeSpan.Zero, PerRecord = TimeSpan.FromMilliseconds(200) } });

        Assert.Null(result.Chosen);
        Assert.Empty(result.Frontier);
        Assert.Contains("the traffic needs 24 lanes", result.Advice[0], StringComparison.Ordinal);
        Assert.Contains("Allow 3 shards", result.Advice[0], StringComparison.Ordinal);
        Assert.Equal(Request().Grid.Count, result.Pruned.Sum(pruned => pruned.Count));
    }

    [Fact]
    public void A_setting_that_keeps_up_because_most_invocations_are_faster_than_the_fit_is_not_ruled_out()
    {
        TuningResult result = Tune(Request() with
        {
            Handler = new HandlerModel { Fixed = TimeSpan.FromMilliseconds(10), Variation = [0.1, 0.1, 1, 1] },
            Grid = new SettingGrid { BatchSizes = [1], Windows = [0], ParallelizationFactors = [1] },
        });

        Assert.Empty(result.Pruned);
        Assert.NotNull(result.Chosen);
    }

    [Fact]
    public void A_key_that_no_lane_keeps_up_with_is_named()
    {
        TuningResult result = Tune(Request() with { Traffic = ListedTraffic.Even(100, TimeSpan.FromMinutes(10), keys: 1), Handler = new HandlerModel { Fixed = TimeSpan.Zero, PerRecord = TimeSpan.FromMilliseconds(14) } });

        Assert.Contains("key `key-0` alone needs 1.4 of a lane", result.Advice[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    public void Records_of_one_moment_are_no_lasting_rate(int records)
    {
        var traffic = new ListedTraffic([.. Enumerable.Range(0, records).Select(i => new Arrival(0, (UInt128)(i % 100), 8, 100))]);

        TuningResult result = new MappingTuner(Request() with { Traffic = traffic, Grid = new SettingGrid { Windows = [0], ParallelizationFactors = [1, 2] } }, TimeProvider.System)
            .Run(cancellation: TestContext.Current.CancellationToken);

        Assert.NotNull(result.Chosen);
    }

    [Fact]
    public void Reserved_concurrency_of_0_is_named_as_what_it_is()
    {
        TuningResult result = Tune(Request() with { ReservedConcurrency = 0 });

        Assert.Contains("reserved concurrency 0 lets no invocation run", Assert.Single(result.Advice), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_fall_behind_only_in_the_simulation_are_explained()
    {
        var model = new ModelledStream(Traffic);
        TuningResult result = new MappingTuner(Request(), (plan, cancellation) => model.Run(plan, cancellation) with { IsStable = false }, TimeProvider.System)
            .Run(cancellation: TestContext.Current.CancellationToken);

        Assert.Contains("that theory left fell behind in the simulation, at a peak of ", Assert.Single(result.Advice), StringComparison.Ordinal);
    }

    [Fact]
    public void What_theory_rules_out_is_counted_with_its_reason()
    {
        TuningRequest request = Request() with { Traffic = ListedTraffic.Even(100, TimeSpan.FromMinutes(10), bytes: 10_000), ConcurrencyMax = 3 };

        TuningResult result = Tune(request);

        Assert.Contains(result.Pruned, pruned => pruned.Reason.Contains("above the 3 concurrent invocations", StringComparison.Ordinal));
        Assert.Contains(result.Pruned, pruned => pruned.Reason.Contains("an event of 6 MB holds about 453", StringComparison.Ordinal));
        Assert.Contains(result.Pruned, pruned => pruned.Reason.Contains("do not keep up", StringComparison.Ordinal));
        Assert.Equal(request.Grid.Count, result.Pruned.Sum(pruned => pruned.Count) + result.Explored.Length);
        Assert.All(result.Explored, point => Assert.True(point.Setting.ConcurrencyCeiling <= 3));
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        TuningRequest request = Request() with { Objective = ServiceLevelObjective.Parse("iteratorAge.p99 < 2s") };

        TuningResult one = Tune(request with { Threads = 1 });
        TuningResult eight = Tune(request with { Threads = 8 });

        Assert.Equal(one.Chosen!.Setting, eight.Chosen!.Setting);
        Assert.Equal(one.Frontier.Select(point => (point.Setting, point.Cost, point.IteratorAgeP99)), eight.Frontier.Select(point => (point.Setting, point.Cost, point.IteratorAgeP99)));
        Assert.Equal(one.Explored.Select(point => point.Setting), eight.Explored.Select(point => point.Setting));
        Assert.Equal(one.Advice, eight.Advice);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("iteratorAge.p99 < 20s", true)]
    [InlineData("iteratorAge.p99 < 20s and discarded < 1000000", false)]
    public void What_throws_healthy_records_away_is_chosen_only_where_the_objective_allows_it(string? objective, bool bisects)
    {
        var model = new ModelledStream(Traffic);
        TuningRequest request = Request() with
        {
            Objective = objective is null ? null : ServiceLevelObjective.Parse(objective),
            Grid = new SettingGrid { Bisect = [false, true], RetryAttempts = [2] },
        };

        TuningResult result = new MappingTuner(request, (plan, cancellation) =>
        {
            SimulationFigures figures = model.Run(plan, cancellation);
            return plan.Setting.Mapping.BisectBatchOnFunctionError
                ? figures with { Discarded = figures.Records / 1_000, Billed = figures.Billed * 1.2 }
                : figures with { Discarded = figures.Records / 10, InnocentCasualties = figures.Records / 11 };
        }, TimeProvider.System).Run(cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(bisects, result.Chosen!.Setting.Mapping.BisectBatchOnFunctionError);
        Assert.Equal(objective is null, result.Advice[0].Contains(", among those that lose no more records than need be: $", StringComparison.Ordinal));
    }

    [Fact]
    public void What_an_interruption_leaves_is_compared_on_one_part_of_the_traffic_only()
    {
        using var interruption = new CancellationTokenSource();
        var model = new ModelledStream(Traffic);
        List<SimulationPlan> plans = [];
        var tuner = new MappingTuner(Request() with { Threads = 1, Grid = new SettingGrid { Windows = [0] } }, (plan, cancellation) =>
        {
            plans.Add(plan);
            if (plan.Until - plan.From != plans[0].Until - plans[0].From)
                interruption.Cancel();                        // in the second rung, whose first run this is
            return model.Run(plan, CancellationToken.None);
        }, TimeProvider.System);

        TuningResult result = tuner.Run(cancellation: interruption.Token);

        Assert.False(result.IsComplete);
        Assert.Equal(plans[^1].Setting, Assert.Single(result.Frontier).Setting);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(1_500)]
    public void An_interruption_gives_the_frontier_so_far(int runs)
    {
        using var interruption = new CancellationTokenSource();
        var model = new ModelledStream(Traffic);
        int count = 0;
        var tuner = new MappingTuner(Request() with { Threads = 1 }, (plan, cancellation) =>
        {
            if (Interlocked.Increment(ref count) > runs)
                interruption.Cancel();
            return model.Run(plan, cancellation);
        }, TimeProvider.System);

        TuningResult result = tuner.Run(cancellation: interruption.Token);

        Assert.False(result.IsComplete);
        Assert.Equal(runs > 0, !result.Frontier.IsEmpty);
        Assert.Equal(runs > 0, result.Chosen is not null);
    }

    [Fact]
    public void Rungs_take_the_busiest_parts_and_the_same_seed()
    {
        List<SimulationPlan> plans = [];
        var model = new ModelledStream(Traffic);
        new MappingTuner(Request() with { Threads = 1 }, (plan, cancellation) =>
        {
            plans.Add(plan);
            return model.Run(plan, cancellation);
        }, TimeProvider.System).Run(cancellation: TestContext.Current.CancellationToken);

        SimulationPlan[] slices = [.. plans.Where(plan => plan.Until is not null && plan.Setting.Mapping.MaximumBatchingWindow == TimeSpan.Zero && plan.Failures.PoisonRecords.IsEmpty)];
        Assert.NotEmpty(slices);
        Assert.All(slices, plan => Assert.Equal(1, plan.Seed));
        Assert.All(slices, plan => Assert.True((plan.From + plan.WarmUp).TotalMinutes < 5 && plan.Until!.Value.TotalMinutes > 4, "it overlaps the busy minute"));
        Assert.True(plans.Count(plan => plan.Until is null) < 500, "the whole traffic is for the few that are left");
    }

    [Fact]
    public void Progress_names_the_stage_and_comes_to_its_end()
    {
        var told = new List<TuningProgress>();
        var progress = new Immediately(told.Add);

        new MappingTuner(Request(), new ModelledStream(Traffic).Run, TimeProvider.System).Run(progress, TestContext.Current.CancellationToken);

        Assert.Contains(told, one => one.Stage == "finalists");
        Assert.All(told, one => Assert.InRange(one.Share, 0, 1));
        Assert.All(told, one => Assert.InRange(one.Done, 1, one.Total));
        Assert.All(told, one => Assert.NotNull(one.TimeLeft));
    }

    [Fact]
    public void Sensitivity_turns_one_knob_at_a_time_around_the_chosen_setting()
    {
        TuningResult result = Tune(Request());

        Assert.Equal(["BatchSize", "MaximumBatchingWindowInSeconds", "ParallelizationFactor", "Consumer"], result.Sensitivity.Select(knob => knob.Knob));
        Assert.All(result.Sensitivity, knob => Assert.Same(result.Chosen, Assert.Single(knob.Steps, step => step.IsChosen).Point));
    }

    [Fact]
    public void A_poison_record_is_simulated_with_and_without_reporting() =>
        Assert.Contains("One poison record blocks its lane 41 s as it is; with ReportBatchItemFailures 6 s.", Tune(Request() with { Grid = new SettingGrid { RetryAttempts = [2] } }).Advice);

    [Fact]
    public void Where_retries_are_unlimited_a_limit_is_proposed() =>
        Assert.Contains(Tune(Request()).Advice, sentence => sentence.Contains("because nothing limits its retries; with MaximumRetryAttempts 2", StringComparison.Ordinal));

    [Fact]
    public void Small_traffic_is_simulated_as_a_whole()
    {
        TuningResult result = Tune(Request() with { Traffic = ListedTraffic.Even(10, TimeSpan.FromMinutes(1)) });

        Assert.NotNull(result.Chosen);
        Assert.Equal(0, Halving.Rungs(result.Explored.Length, result.Inputs.Records));
    }

    [Fact]
    public void Traffic_without_records_is_refused() =>
        Assert.Throws<ArgumentException>(() => Tune(Request() with { Traffic = new ListedTraffic([]) }));

    /// <summary>Random handlers, rates and objectives: at least 19 of 20 times what an exhaustive search with all seeds finds is what halving finds.</summary>
    [Fact]
    public void Halving_finds_what_an_exhaustive_search_finds()
    {
        const int Problems = 100;
        var random = new Random(1);                           // always the same problems: a rate over others would differ by chance
        TuningRequest[] requests = [.. Enumerable.Range(0, Problems).Select(_ => Problem(random))];

        int agreed = requests.AsParallel().WithDegreeOfParallelism(2).Count(request => Agree(Exhaustive(request), Tune(request).Chosen));

        Assert.True(agreed >= 0.95 * Problems, $"{agreed} of {Problems}");
    }

    private static bool Agree(TunedPoint? exhaustive, TunedPoint? halved) => exhaustive is null || halved is null
        ? exhaustive is null && halved is null
        : exhaustive.Setting == halved.Setting || Math.Abs((halved.Cost.Total / exhaustive.Cost.Total) - 1) <= 0.01;

    private static TuningRequest Problem(Random random)
    {
        double Between(double min, double max) => min + ((max - min) * random.NextDouble());
        (double fixedPart, double perRecord, double rate, double age, double peak) = (Between(1, 50), Between(0.1, 3), Between(20, 300), Between(300, 60_000), Between(0, 0.9));
        var length = TimeSpan.FromSeconds(12_000 / rate);
        return Request() with
        {
            Traffic = ListedTraffic.Even(rate, length, busy: (length * peak, length * (peak + 0.1))),
            Handler = new HandlerModel { Fixed = TimeSpan.FromMilliseconds(fixedPart), PerRecord = TimeSpan.FromMilliseconds(perRecord) },
            Objective = new ServiceLevelObjective([new ObjectiveLimit(ObjectiveFigure.All.Single(figure => figure.Name == "iteratorAge.p99"), ObjectiveComparison.Below, age)]),
            Grid = new SettingGrid { BatchSizes = [1, 10, 100, 1_000], Windows = [0, 1, 5, 30], ParallelizationFactors = [1, 2, 4, 10] },
        };
    }

    private static TunedPoint? Exhaustive(TuningRequest request)
    {
        var model = new ModelledStream(request.Traffic);
        var survey = TrafficSurvey.Of(request.Traffic, TestContext.Current.CancellationToken);
        var costs = new CostModel(request.Prices, request.Architecture, request.Handler.MemorySize, survey.RatePerSecond * 3_600);
        return request.Grid.Settings().Where(setting => new SettingPruning(request, survey).ReasonAgainst(setting) is null)
            .Select(setting => Estimates.Point(setting, [.. request.Seeds().Select(seed => model.Run(request.PlanOf(setting, seed, TrafficSlice.Whole), TestContext.Current.CancellationToken))], costs, request.Objective))
            .Where(request.Objective!.IsMetBy).OrderBy(point => point.Cost.Total).ThenBy(point => point.IteratorAgeP99.Mean).FirstOrDefault();
    }

    private static TuningResult Tune(TuningRequest request) => new MappingTuner(request, new ModelledStream(request.Traffic).Run, TimeProvider.System).Run(cancellation: TestContext.Current.CancellationToken);

    private static TuningRequest Request() => new()
    {
        Traffic = Traffic,
        Handler = Handler,
        Grid = new SettingGrid(),
        Prices = Some.Prices,
        PricesName = "test",
        Threads = 2,
    };

    private sealed class Immediately(Action<TuningProgress> tell) : IProgress<TuningProgress>
    {
        public void Report(TuningProgress value) => tell(value);
    }
}
